import { grpcTransport } from '../../../../src/runtime/transport/grpc/grpc.ts';
import { transportContract } from '../../../contract/transport.ts';
import { authority } from '../../../support/tls.ts';
import { cut } from '../cut.ts';

const { ca, server } = authority();

transportContract('grpc', grpcTransport, { breakable: cut });
transportContract('grpc over IPv6', grpcTransport, { address: '[::1]:0' });
transportContract('grpc with TLS', () => grpcTransport({ tls: { ...server, ca } }), { breakable: cut });
