import { TransportError } from '../transport.ts';
import { Bytes } from './bytes.ts';
import type { Limits } from './limits.ts';

const sizeLine = /^([0-9A-Fa-f]{1,8})(?:;[^\r\n\0]*)?\r\n$/;
const trailerLine = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\r\n\0]*\r\n$/;
const maxLineBytes = 4096;
const maxExcessBytes = 16 * 1024;

/** Reads a body that comes in chunks. Extensions and trailers are checked and dropped. */
export class ChunkedBody {
  readonly #limits: Limits;
  readonly #bytes = new Bytes();
  #stage: 'size' | 'data' | 'data end' | 'trailer' | 'done' = 'size';
  #line = '';
  #left = 0;
  #excess = 0;
  #trailerBytes = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** The whole body once its end was read. */
  take(): Buffer | undefined {
    return this.#stage === 'done' ? this.#bytes.take() : undefined;
  }

  /** Reads from `chunk[from…]` and says where it stopped. Throws `invalid` or `too_large`. */
  read(chunk: Buffer, from: number): number {
    let at = from;
    while (at < chunk.length && this.#stage !== 'done') {
      at = this.#stage === 'data' ? this.#readData(chunk, at) : this.#readLine(chunk, at);
    }
    return at;
  }

  #readData(chunk: Buffer, from: number): number {
    const to = Math.min(chunk.length, from + this.#left);
    this.#bytes.append(chunk, from, to);
    this.#left -= to - from;
    if (this.#left === 0) this.#stage = 'data end';
    return to;
  }

  #readLine(chunk: Buffer, from: number): number {
    const lineFeed = chunk.indexOf(10, from);
    const to = lineFeed === -1 ? chunk.length : lineFeed + 1;
    if (this.#line.length + to - from > maxLineBytes) throw invalid('a line between the chunks is too long');
    this.#line += chunk.toString('latin1', from, to);
    if (lineFeed === -1) return to;
    const line = this.#line;
    this.#line = '';
    this.#endLine(line);
    return to;
  }

  #endLine(line: string): void {
    if (this.#stage === 'size') this.#startChunk(line);
    else if (this.#stage === 'trailer') this.#endTrailer(line);
    else if (line === '\r\n') this.#stage = 'size';
    else throw invalid('a chunk is longer than it says');
  }

  #startChunk(line: string): void {
    const digits = sizeLine.exec(line)?.[1];
    if (digits === undefined) throw invalid('a chunk has no valid size');
    const size = Number.parseInt(digits, 16);
    if (this.#bytes.length + size > this.#limits.maxBodyBytes) {
      throw new TransportError('too_large', `the body is larger than ${this.#limits.maxBodyBytes} bytes`);
    }
    // Endless extensions on tiny chunks would cost much and bring nothing.
    this.#excess = Math.max(0, this.#excess + line.length - 16 - 2 * size);
    if (this.#excess > maxExcessBytes) throw invalid('the chunks carry more around them than in them');
    this.#left = size;
    this.#stage = size === 0 ? 'trailer' : 'data';
  }

  #endTrailer(line: string): void {
    if (line === '\r\n') {
      this.#stage = 'done';
      return;
    }
    this.#trailerBytes += line.length;
    if (this.#trailerBytes > this.#limits.maxHeadBytes) {
      throw new TransportError('too_large', `the trailer is larger than ${this.#limits.maxHeadBytes} bytes`);
    }
    if (!trailerLine.test(line)) throw invalid('a line of the trailer is no header');
  }
}

const invalid = (sentence: string): TransportError => new TransportError('invalid', sentence);
