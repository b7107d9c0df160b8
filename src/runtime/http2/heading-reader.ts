import { flag, Http2Error } from './frame.ts';
import type { FrameCutter } from './frame-cutter.ts';
import type { Heading } from './head.ts';
import { readHeading } from './head.ts';
import { HpackDecoder, HpackError } from './hpack/decoder.ts';
import type { Limits } from './http2.ts';
import { errorCode } from './http2.ts';

/** A head this many times as large as is allowed is still read, so that only its stream is lost. */
const refusedFactor = 4;
/** Frames that may carry on one head. */
const maxContinuations = 64;

/** Puts heads together, which may come in several frames. */
export class HeadingReader {
  readonly #decoder: HpackDecoder<Heading>;
  readonly #maxBytes: number;
  #parts: Buffer[] = [];
  #bytes = 0;
  /** The stream whose head is not complete; 0 when there is none. Nothing else may come meanwhile. */
  stream = 0;
  ends = false;
  /** The stream says that it depends on itself. */
  isCircular = false;

  constructor({ maxHeadBytes, maxFields }: Pick<Limits, 'maxHeadBytes' | 'maxFields'>) {
    this.#decoder = new HpackDecoder(readHeading, { maxHeadBytes, maxFields });
    this.#maxBytes = maxHeadBytes;
  }

  /** Takes a HEADERS frame. Undefined when more follows. Throws a `Http2Error`. */
  headers(frame: FrameCutter): Heading | undefined {
    this.stream = frame.stream;
    this.ends = (frame.flags & flag.endStream) !== 0;
    return this.#take(this.#fragment(frame), frame.flags);
  }

  /** Takes a CONTINUATION frame. */
  continuation(frame: FrameCutter): Heading | undefined {
    if (this.stream === 0) throw new Http2Error(errorCode.protocolError, 'a continuation of nothing');
    if (this.#parts.length > maxContinuations)
      throw new Http2Error(errorCode.enhanceYourCalm, 'a head in too many parts');
    return this.#take(frame.payload, frame.flags);
  }

  #take(part: Buffer, flags: number): Heading | undefined {
    const isLast = (flags & flag.endHeaders) !== 0;
    if (isLast && this.#parts.length === 0) return this.#decode(part);
    this.#bytes += part.length;
    if (this.#bytes > refusedFactor * this.#maxBytes)
      throw new Http2Error(errorCode.enhanceYourCalm, 'a head that has no end');
    this.#parts.push(part);
    if (!isLast) return undefined;
    const block = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    return this.#decode(block);
  }

  #decode(block: Buffer): Heading {
    this.stream = 0;
    try {
      return this.#decoder.decode(block);
    } catch (error) {
      if (error instanceof HpackError) throw new Http2Error(errorCode.compressionError, error.message);
      throw error;
    }
  }

  /** Without padding and priority. */
  #fragment({ flags, payload, stream }: FrameCutter): Buffer {
    let fragment = unpadded(payload, flags);
    this.isCircular = false;
    if ((flags & flag.priority) !== 0) {
      if (fragment.length < priorityBytes) throw new Http2Error(errorCode.frameSizeError, 'a priority that is cut off');
      this.isCircular = (fragment.readUInt32BE(0) & 0x7f_ff_ff_ff) === stream;
      fragment = fragment.subarray(priorityBytes);
    }
    return fragment;
  }
}

export const priorityBytes = 5;

/** What is in a frame that may be padded. Throws a `Http2Error` for more padding than there are bytes. */
export function unpadded(payload: Buffer, flags: number): Buffer {
  if ((flags & flag.padded) === 0) return payload;
  const padding = payload[0];
  if (padding === undefined) throw new Http2Error(errorCode.frameSizeError, 'a frame without the padding it names');
  if (padding >= payload.length)
    throw new Http2Error(errorCode.protocolError, 'more padding than there is in the frame');
  return payload.subarray(1, payload.length - padding);
}
