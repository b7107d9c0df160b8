// Ours over gRPC, with protobuf bodies as grpc-js has them.
import { connect, serve } from '../../table/product.mjs';

const row = { transport: 'http', protocol: 'grpc', codec: 'protobuf' };

export const server = () => serve(row);

export const client = (record) => connect(row, record);
