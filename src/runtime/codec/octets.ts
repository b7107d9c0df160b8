import type { Codec } from './codec.ts';

/** Text or bytes as they are; they arrive as a `Buffer`. */
export const octetsCodec: Codec = {
  name: 'octets',
  contentType: 'application/octet-stream',
  encode(value) {
    if (value === undefined) return '';
    if (typeof value === 'string' || value instanceof Uint8Array) return value;
    throw new Error('application/octet-stream carries text or bytes and no other values');
  },
  decode: (body) => body,
};
