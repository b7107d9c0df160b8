// Ours over gRPC, protobuf.
import { load } from '../../lib/product.mjs';
import { connect, serve } from './product.mjs';

export const server = async () => serve((await load('runtime/server/grpc/grpc.js')).grpcServerProtocol());
export const client = (record) => connect(record, 'protobuf');
