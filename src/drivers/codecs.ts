import type { Config } from '../config/config.ts';
import type { Registry } from '../discovery/registry.ts';
import type { Log } from '../log/log.ts';
import type { Codec, Codecs } from '../runtime/codec/codec.ts';
import { defaultCodecs } from '../runtime/codec/defaults.ts';
import type { Drivers } from './choose.ts';
import { builtIn, fromPackage } from './choose.ts';

const bundled =
  (contentType: string): (() => Promise<Codec>) =>
  () => {
    const codec = defaultCodecs.get(contentType);
    return codec === undefined ? Promise.reject(new Error(`nobody reads ${contentType}`)) : Promise.resolve(codec);
  };

export const codecs: Drivers<() => Promise<Codec>> = {
  json: bundled('application/json'),
  'json-rpc': bundled('application/json-rpc'),
  protobuf: bundled('application/protobuf'),
  'proto-rpc': bundled('application/proto-rpc'),
  'octet-stream': bundled('application/octet-stream'),
  grpc: bundled('application/grpc'),
  'grpc+json': bundled('application/grpc+json'),
  'grpc+proto': bundled('application/grpc+proto'),
  bson: async () => (await import('../runtime/codec/bson/bson.ts')).loadBsonCodec(),
  msgpack: async () => (await import('../runtime/codec/msgpack/msgpack.ts')).loadMsgpackCodec(),
};

/** The codec that was chosen, and all that requests and events are read with. */
export interface ChosenCodecs {
  readonly chosen: Codec;
  readonly all: Codecs;
}

export async function openCodecs(config: Config, registry: Registry, log: Log): Promise<ChosenCodecs> {
  const own = builtIn(codecs, config.codec);
  const chosen =
    own === undefined
      ? await (await fromPackage<Codec>('codec', config.codec, Object.keys(codecs)))({ addresses: [], registry, log })
      : await own();
  return { chosen, all: new Map([...defaultCodecs, [chosen.contentType, chosen]]) };
}
