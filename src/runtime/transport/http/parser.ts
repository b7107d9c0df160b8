import type { Message } from '../transport.ts';
import { TransportError } from '../transport.ts';
import { Bytes } from './bytes.ts';
import { ChunkedBody } from './chunked.ts';
import { invalid } from './framing.ts';
import { HeadReader } from './head-reader.ts';
import type { Head, Kind } from './head.ts';
import type { Limits } from './limits.ts';

const nothing: Buffer = Buffer.alloc(0);
/** Heads of go-micro are shorter than this; longer ones take the slow path. */
const windowBytes = 2048;
const tlsHandshake = 0x16;
const tlsAlert = 0x15;

/** Cuts what a connection receives into messages. `push` what came, then take `next` until there is none. */
export class Parser {
  /** The head of the message that `next` returned last, or whose body is being read. */
  head: Head | undefined;
  /** How many heads were read so far. */
  heads = 0;
  /** How many bytes were pushed so far. */
  bytes = 0;
  readonly #reader: HeadReader;
  readonly #limits: Limits;
  #chunk: Buffer = nothing;
  #at = 0;
  /** The chunk from `#windowAt` on as text, shared by all messages in it. */
  #window = '';
  #windowAt = 0;
  #windowIsRaw = false;
  #stage: 'head' | 'body' = 'head';
  /** The part of a head, or of a body, that came with earlier chunks. */
  readonly #held = new Bytes();
  #chunked: ChunkedBody | undefined;

  constructor(kind: Kind, limits: Limits) {
    this.#reader = new HeadReader(kind, limits);
    this.#limits = limits;
  }

  /** Of which part of a message the beginning came, and the end did not, when all that came was read. */
  get part(): 'none' | 'head' | 'body' {
    if (this.#stage === 'body') return 'body';
    return this.#held.length > 0 ? 'head' : 'none';
  }

  /** Something came that was not read. */
  get hasUnread(): boolean {
    return this.#at < this.#chunk.length || (this.#stage === 'body' && this.head?.framing === 'to the end');
  }

  /** The sender waits for `100 Continue`. */
  get isWaitedFor(): boolean {
    return this.#stage === 'body' && this.head?.expectsContinue === true && this.#held.length === 0;
  }

  push(chunk: Buffer): void {
    this.bytes += chunk.length;
    this.#chunk = this.#at < this.#chunk.length ? Buffer.concat([this.#chunk.subarray(this.#at), chunk]) : chunk;
    this.#at = 0;
    this.#window = '';
    this.#windowAt = 0;
  }

  /** The next whole message. Throws `invalid` or `too_large`; nothing can be read after that. */
  next(): Message | undefined {
    for (;;) {
      if (this.#stage === 'head' && !this.#beginMessage()) return undefined;
      const body = this.#readBody();
      if (body === undefined) return undefined;
      this.#stage = 'head';
      const head = this.head;
      // 1xx are remarks before the response.
      if (head !== undefined && (head.status === 0 || head.status >= 200)) return { headers: head.headers, body };
    }
  }

  /** The connection ended: returns the message that its end completes. Throws `reset` in the middle of one. */
  end(): Message | undefined {
    if (this.#stage === 'body' && this.head?.framing === 'to the end') {
      this.#stage = 'head';
      return { headers: this.head.headers, body: this.#held.take() };
    }
    if (this.part !== 'none') {
      throw new TransportError('reset', 'the other side broke off in the middle of a message');
    }
    return undefined;
  }

  #beginMessage(): boolean {
    if (this.#at === this.#chunk.length) return false;
    if (this.heads === 0) this.#refuseTls();
    const head = this.#held.length === 0 ? (this.#readWindow() ?? this.#readSlowly()) : this.#readSlowly();
    if (head === undefined) return false;
    if (head.status === 101) throw invalid('the other side switches to another protocol');
    this.head = head;
    this.heads += 1;
    this.#stage = 'body';
    if (head.framing === 'chunked') this.#chunked = new ChunkedBody(this.#limits);
    return true;
  }

  /** Its bytes are no lines: looking for the end of one in them would only take time. */
  #refuseTls(): void {
    const first = this.#held.length === 0 ? this.#chunk[this.#at] : undefined;
    if (first === tlsHandshake || first === tlsAlert)
      throw invalid('the other side speaks TLS, and this is plain HTTP');
  }

  /** The fast path: the whole head is in this chunk. */
  #readWindow(): Head | undefined {
    const offset = this.#at - this.#windowAt;
    const isShort =
      this.#window.length - offset < windowBytes && this.#windowAt + this.#window.length < this.#chunk.length;
    if (this.#window === '' || isShort) this.#openWindow();
    const from = this.#at - this.#windowAt;
    let head: Head | undefined;
    try {
      head = this.#reader.read(this.#window, from, this.#windowIsRaw);
    } catch (error) {
      // What is wrong is told when the head is complete, so that the answer doesn't depend on how it was cut.
      if (this.#window.includes('\r\n\r\n', from)) throw error;
      return undefined;
    }
    if (head === undefined) return undefined;
    if (head.end - from > this.#limits.maxHeadBytes) throw this.#headTooLarge();
    this.#at = this.#windowAt + head.end;
    return head;
  }

  #openWindow(): void {
    const end = Math.min(this.#chunk.length, this.#at + 2 * windowBytes);
    this.#windowAt = this.#at;
    this.#window = this.#chunk.toString('utf8', this.#at, end);
    // As many characters as bytes: then every byte is a character of its own, and offsets are the same in both.
    this.#windowIsRaw = this.#window.length !== end - this.#at;
    if (this.#windowIsRaw) this.#window = this.#chunk.toString('latin1', this.#at, end);
  }

  #readSlowly(): Head | undefined {
    const seen = this.#held.length;
    const room = this.#limits.maxHeadBytes - seen;
    const end = Math.min(this.#chunk.length, this.#at + room);
    this.#held.append(this.#chunk, this.#at, end);
    const found = this.#held.indexOf('\r\n\r\n', Math.max(0, seen - 3));
    if (found === -1) {
      if (this.#held.hasBareLineFeed(seen)) throw invalid('a line break that is not CR LF');
      if (end - this.#at === room) throw this.#headTooLarge();
      this.#at = end;
      return undefined;
    }
    this.#at += found + 4 - seen;
    const text = this.#held.take().toString('latin1', 0, found + 4);
    return this.#reader.read(text, 0, true);
  }

  #readBody(): Buffer | undefined {
    const framing = this.head?.framing ?? 0;
    if (framing === 'chunked') return this.#readChunks();
    if (framing === 'to the end') return this.#readToTheEnd();
    const end = this.#at + framing - this.#held.length;
    if (end > this.#chunk.length) {
      this.#held.append(this.#chunk, this.#at, this.#chunk.length, framing);
      this.#at = this.#chunk.length;
      return undefined;
    }
    const from = this.#at;
    this.#at = end;
    if (this.#held.length === 0) return this.#chunk.subarray(from, end);
    this.#held.append(this.#chunk, from, end, framing);
    return this.#held.take();
  }

  #readChunks(): Buffer | undefined {
    this.#at = this.#chunked?.read(this.#chunk, this.#at) ?? this.#at;
    const body = this.#chunked?.take();
    if (body !== undefined) this.#chunked = undefined;
    return body;
  }

  #readToTheEnd(): undefined {
    if (this.#held.length + this.#chunk.length - this.#at > this.#limits.maxBodyBytes) {
      throw new TransportError('too_large', `the body is larger than ${this.#limits.maxBodyBytes} bytes`);
    }
    this.#held.append(this.#chunk, this.#at, this.#chunk.length);
    this.#at = this.#chunk.length;
  }

  #headTooLarge(): TransportError {
    return new TransportError('too_large', `the head is larger than ${this.#limits.maxHeadBytes} bytes`);
  }
}
