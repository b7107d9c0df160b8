import type { Codec, Codecs } from '../codec/codec.ts';
import { octetsCodec } from '../codec/octets.ts';
import type { Body } from '../transport/transport.ts';

/** What callers write for it, and what is then on the wire: gRPC knows three kinds of messages here. */
const wireTypes: ReadonlyMap<string, string> = new Map([
  ['application/json', 'application/grpc+json'],
  ['application/grpc+json', 'application/grpc+json'],
  ['application/proto', 'application/grpc+proto'],
  ['application/protobuf', 'application/grpc+proto'],
  ['application/octet-stream', 'application/grpc+proto'],
  ['application/grpc', 'application/grpc+proto'],
  ['application/grpc+proto', 'application/grpc+proto'],
  ['application/grpc+bytes', 'application/grpc+bytes'],
]);

/** The content type on the wire of a caller's content type; undefined when gRPC has none for it. */
export const wireTypeOf = (contentType: string): string | undefined => wireTypes.get(contentType);

/** The codecs of what may stand on the wire, by content type, as far as `codecs` has what is inside. */
export function grpcCodecs(codecs: Codecs): Codecs {
  const json = codecs.get('application/json');
  const proto = codecs.get('application/protobuf');
  const all = [
    json && as('application/grpc+json', bare(json)),
    proto && as('application/grpc', proto),
    proto && as('application/grpc+proto', proto),
    as('application/grpc+bytes', octetsCodec),
  ];
  return new Map(all.filter((codec) => codec !== undefined).map((codec) => [codec.contentType, codec]));
}

/** Bytes and text go as they are, where Go takes a message or a frame of bytes. */
export const octetsOr = (codec: Codec): Codec => ({
  ...codec,
  encode: (value, schema) =>
    schema?.protobuf === undefined ? octetsCodec.encode(value, schema) : codec.encode(value, schema),
  decode: (body, schema) => (schema?.protobuf === undefined ? body : codec.decode(body, schema)),
});

const as = (contentType: string, codec: Codec): Codec => ({
  name: codec.name,
  contentType,
  encode: (value, schema) => codec.encode(value, schema),
  decode: (body, schema) => codec.decode(body, schema),
});

/** Without the line feed that ends a JSON text elsewhere. */
const bare = (codec: Codec): Codec => ({
  ...codec,
  encode: (value, schema) => withoutLineFeed(codec.encode(value, schema)),
});

function withoutLineFeed(body: Body): Body {
  if (typeof body === 'string') return body.endsWith('\n') ? body.slice(0, -1) : body;
  return body.at(-1) === 0x0a ? body.subarray(0, -1) : body;
}
