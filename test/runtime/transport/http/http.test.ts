import { httpTransport } from '../../../../src/runtime/transport/http/http.ts';
import { transportContract } from '../../../contract/transport.ts';
import { cut } from '../cut.ts';

transportContract('http', httpTransport, { breakable: cut });
transportContract('http over IPv6', httpTransport, { address: '[::1]:0' });
