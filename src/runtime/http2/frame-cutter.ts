import { errorCode } from './http2.ts';
import { frameHeadBytes, Http2Error, minMaxFrameBytes } from './frame.ts';

const empty = Buffer.alloc(0);

/**
 * Cuts frames out of what comes. The last one is described by its fields rather than by an object: there is one for each frame, and
 * nothing is kept of it. What was handed out is never written over.
 */
export class FrameCutter {
  kind = 0;
  flags = 0;
  stream = 0;
  /** What is in the frame. */
  payload: Buffer = empty;
  #buffer: Buffer = empty;
  #start = 0;
  #end = 0;

  push(chunk: Buffer): void {
    const held = this.#end - this.#start;
    if (held === 0) {
      this.#buffer = chunk;
      this.#start = 0;
      this.#end = chunk.length;
      return;
    }
    if (this.#end + chunk.length > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(2 * held, held + chunk.length));
      this.#buffer.copy(grown, 0, this.#start, this.#end);
      this.#buffer = grown;
      this.#start = 0;
      this.#end = held;
    }
    chunk.copy(this.#buffer, this.#end);
    this.#end += chunk.length;
  }

  /** Drops the first bytes when they are all there and equal to `expected`: true. False when more must come. Throws a `Http2Error` when they differ. */
  skip(expected: Buffer): boolean {
    const length = Math.min(expected.length, this.#end - this.#start);
    if (this.#buffer.compare(expected, 0, length, this.#start, this.#start + length) !== 0) {
      throw new Http2Error(errorCode.protocolError, 'it does not speak HTTP/2');
    }
    if (length < expected.length) return false;
    this.#start += length;
    return true;
  }

  /** Looks at the next frame; false when it is not complete. Throws a `Http2Error` for one that is too long. */
  next(): boolean {
    const at = this.#start;
    const buffer = this.#buffer;
    if (this.#end - at < frameHeadBytes) return false;
    const length = buffer.readUIntBE(at, 3);
    if (length > minMaxFrameBytes) {
      throw new Http2Error(errorCode.frameSizeError, `a frame of ${length} bytes`);
    }
    const end = at + frameHeadBytes + length;
    if (end > this.#end) return false;
    this.kind = buffer[at + 3] ?? 0;
    this.flags = buffer[at + 4] ?? 0;
    this.stream = buffer.readUInt32BE(at + 5) & 0x7f_ff_ff_ff;
    this.payload = buffer.subarray(at + frameHeadBytes, end);
    this.#start = end;
    return true;
  }
}
