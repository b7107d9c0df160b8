import type { Body } from '../transport/transport.ts';
import { TransportError } from '../transport/transport.ts';

/** What go-micro peers send and take in one message at most. */
export const defaultMaxMessageBytes: number = 4 * 1024 * 1024;

/** A flag and a length of 32 bits. */
const prefixBytes = 5;

const empty = Buffer.alloc(0);

/** One message with its prefix, ready to be written: not compressed. */
export function writeFrame(body: Body): Buffer {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  const frame = Buffer.allocUnsafe(prefixBytes + length);
  frame[0] = 0;
  frame.writeUInt32BE(length, 1);
  if (typeof body === 'string') frame.write(body, prefixBytes);
  else frame.set(body, prefixBytes);
  return frame;
}

/** The message of a chunk that is exactly one frame, as nearly all are; undefined for any other, which a `FrameReader` must look at. */
export function wholeFrame(chunk: Buffer, maxBytes: number): Buffer | undefined {
  const length = chunk.length - prefixBytes;
  if (length < 0 || length > maxBytes || chunk[0] !== 0 || chunk.readUInt32BE(1) !== length) return undefined;
  return chunk.subarray(prefixBytes);
}

/**
 * Cuts messages out of the bytes of one direction of a stream. What a peer sends byte by byte is gathered in one buffer that doubles, so
 * neither time nor memory grows beyond a small multiple of the message.
 */
export class FrameReader {
  readonly #maxBytes: number;
  #buffer: Buffer = empty;
  #start = 0;
  #end = 0;

  /** `maxBytes` counts one message without its prefix. Default 4 MiB. */
  constructor(maxBytes: number = defaultMaxMessageBytes) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes of a message that is not complete. */
  get pending(): number {
    return this.#end - this.#start;
  }

  push(chunk: Buffer): void {
    const held = this.pending;
    if (held === 0) {
      this.#buffer = chunk;
      this.#start = 0;
      this.#end = chunk.length;
      return;
    }
    if (this.#end + chunk.length > this.#buffer.length) {
      // Messages that were handed out lie in the old buffer: it is left to them.
      const grown = Buffer.allocUnsafeSlow(Math.max(2 * held, held + chunk.length));
      this.#buffer.copy(grown, 0, this.#start, this.#end);
      this.#buffer = grown;
      this.#start = 0;
      this.#end = held;
    }
    chunk.copy(this.#buffer, this.#end);
    this.#end += chunk.length;
  }

  /** The next whole message, which belongs to the caller. Throws a `TransportError`: `too_large`, or `invalid` for a compressed one. */
  next(): Buffer | undefined {
    if (this.pending < prefixBytes) return undefined;
    const flag = this.#buffer[this.#start];
    if (flag !== 0) {
      const what = flag === 1 ? 'a compressed message, and no compression was agreed on' : `the message flag ${flag}`;
      throw new TransportError('invalid', `grpc: received ${what}`);
    }
    const length = this.#buffer.readUInt32BE(this.#start + 1);
    if (length > this.#maxBytes) {
      throw new TransportError('too_large', `grpc: received message larger than max (${length} vs. ${this.#maxBytes})`);
    }
    const end = this.#start + prefixBytes + length;
    if (end > this.#end) return undefined;
    const body = this.#buffer.subarray(this.#start + prefixBytes, end);
    this.#start = end;
    return body;
  }
}
