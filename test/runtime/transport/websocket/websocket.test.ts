import { websocketTransport } from '../../../../src/runtime/transport/websocket/websocket.ts';
import { transportContract } from '../../../contract/transport.ts';
import { authority } from '../../../support/tls.ts';
import { cut } from '../cut.ts';

const { ca, server } = authority();

transportContract('websocket', websocketTransport, { breakable: cut });
transportContract('websocket over IPv6', websocketTransport, { address: '[::1]:0' });
transportContract('websocket with TLS', () => websocketTransport({ tls: { ...server, ca } }), { breakable: cut });
