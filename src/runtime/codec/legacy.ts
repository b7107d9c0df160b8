import type { Codec, Codecs } from './codec.ts';

const jsonRpc = 'application/json-rpc';
const protoRpc = 'application/proto-rpc';

/** What go-micro before 0.22 meant by a content type: its bodies always named their endpoint themselves. */
const meant: ReadonlyMap<string, string> = new Map([
  ['application/json', jsonRpc],
  [jsonRpc, jsonRpc],
  ['application/protobuf', protoRpc],
  [protoRpc, protoRpc],
  ['application/octet-stream', protoRpc],
]);

/** The codecs for requests that have no headers to say what they ask for, by the content type such a request carries. All have an envelope. */
export function legacyCodecs(codecs: Codecs): Codecs {
  const legacy = new Map<string, Codec>();
  for (const [contentType, codec] of codecs) if (codec.envelope !== undefined) legacy.set(contentType, codec);
  for (const [contentType, meaning] of meant) {
    const codec = codecs.get(meaning);
    if (codec?.envelope !== undefined) legacy.set(contentType, codec);
  }
  return legacy;
}

/** The content type to send to a node that does not name its protocol. */
export function legacyContentType(contentType: string): string {
  if (contentType === 'application/json') return jsonRpc;
  return contentType === 'application/protobuf' ? protoRpc : contentType;
}
