import type { Codec, Codecs } from './codec.ts';
import { jsonCodec } from './json.ts';
import { octetsCodec } from './octets.ts';
import { protobufCodec } from './protobuf.ts';

const all: readonly Codec[] = [jsonCodec, protobufCodec, octetsCodec];

/** What clients and servers understand unless they are told otherwise. */
export const defaultCodecs: Codecs = new Map(all.map((codec) => [codec.contentType, codec]));
