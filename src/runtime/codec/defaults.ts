import type { Codec, Codecs } from './codec.ts';
import { grpcCodecs } from './grpc.ts';
import { jsonCodec } from './json.ts';
import { jsonRpcCodec } from './json-rpc.ts';
import { octetsCodec } from './octets.ts';
import { protoRpcCodec } from './proto-rpc.ts';
import { protobufCodec } from './protobuf.ts';

const all: readonly Codec[] = [jsonCodec, protobufCodec, jsonRpcCodec, protoRpcCodec, octetsCodec, ...grpcCodecs];

/** What clients and servers understand unless they are told otherwise. */
export const defaultCodecs: Codecs = new Map(all.map((codec) => [codec.contentType, codec]));
