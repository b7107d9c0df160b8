import { httpTransport } from '../../../../src/runtime/transport/http/http.ts';
import { transportContract } from '../../../contract/transport.ts';

transportContract('http', httpTransport);
transportContract('http over IPv6', httpTransport, '[::1]:0');
