import { addIncoming, outgoing } from './carried.ts';
import type { Body, Headers, Message } from './transport.ts';
import { TransportError } from './transport.ts';

/*
 * The message of go-micro's grpc transport: `Message { map<string, string> header = 1; bytes body = 2; }`. By hand: a general library
 * takes several times as long for these two fields.
 */

const headerTag = 0x0a;
const bodyTag = 0x12;
const keyTag = 0x0a;
const valueTag = 0x12;
const maxHeaders = 256;

/** Throws a `TransportError` (`invalid`) for a header that cannot be written. */
export function writeMessage(headers: Headers, body: Body): Buffer {
  const carried = outgoing(headers);
  const bodyBytes = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  let total = bodyBytes === 0 ? 0 : sizeOf(bodyBytes);
  const sizes: number[] = [];
  for (const name in carried) {
    const keyBytes = name.length;
    const valueBytes = Buffer.byteLength(carried[name] ?? '');
    sizes.push(valueBytes);
    total += sizeOf(sizeOf(keyBytes) + sizeOf(valueBytes));
  }
  const buffer = Buffer.allocUnsafe(total);
  let at = 0;
  let index = 0;
  for (const name in carried) {
    const valueBytes = sizes[index++] ?? 0;
    at = writeStart(buffer, at, headerTag, sizeOf(name.length) + sizeOf(valueBytes));
    at = writeStart(buffer, at, keyTag, name.length);
    at += buffer.write(name, at, 'latin1');
    at = writeStart(buffer, at, valueTag, valueBytes);
    at += buffer.write(carried[name] ?? '', at);
  }
  if (bodyBytes === 0) return buffer;
  at = writeStart(buffer, at, bodyTag, bodyBytes);
  if (typeof body === 'string') buffer.write(body, at);
  else buffer.set(body, at);
  return buffer;
}

/** The body is a part of `buffer`. Throws a `TransportError`: `invalid`, or `too_large` for too many headers. */
export function readMessage(buffer: Buffer): Message {
  const headers: Record<string, string> = {};
  let body = nothing;
  let count = 0;
  const reader = new Reader(buffer, 0, buffer.length);
  while (reader.hasMore) {
    const tag = reader.varint();
    if (tag === bodyTag) {
      body = reader.bytes();
    } else if (tag === headerTag) {
      count += 1;
      if (count > maxHeaders) throw new TransportError('too_large', `more than ${maxHeaders} headers`);
      readHeader(reader.part(), headers);
    } else reader.skip(tag);
  }
  return { headers, body };
}

const nothing: Buffer = Buffer.alloc(0);

function readHeader(reader: Reader, headers: Record<string, string>): void {
  let key = '';
  let value = '';
  while (reader.hasMore) {
    const tag = reader.varint();
    if (tag === keyTag) key = reader.text();
    else if (tag === valueTag) value = reader.text();
    else reader.skip(tag);
  }
  addIncoming(headers, key, value);
}

/** A field of so many bytes, with its tag and length. */
function sizeOf(length: number): number {
  let size = 2 + length;
  for (let rest = length; rest > 0x7f; rest = Math.floor(rest / 128)) size += 1;
  return size;
}

function writeStart(buffer: Buffer, from: number, tag: number, length: number): number {
  let at = from;
  buffer[at++] = tag;
  let rest = length;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) buffer[at++] = (rest % 128) | 0x80;
  buffer[at++] = rest;
  return at;
}

/** Reads the fields of one message, which is a part of a buffer. */
class Reader {
  readonly #buffer: Buffer;
  readonly #end: number;
  #at: number;

  constructor(buffer: Buffer, from: number, to: number) {
    this.#buffer = buffer;
    this.#at = from;
    this.#end = to;
  }

  get hasMore(): boolean {
    return this.#at < this.#end;
  }

  varint(): number {
    let value = 0;
    for (let unit = 1, digits = 0; digits < 10; unit *= 128, digits += 1) {
      if (this.#at >= this.#end) throw cut();
      const byte = this.#buffer[this.#at++] ?? 0;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
    }
    throw new TransportError('invalid', 'a message holds a number that does not end');
  }

  bytes(): Buffer {
    const end = this.#fieldEnd();
    const bytes = this.#buffer.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }

  text(): string {
    const end = this.#fieldEnd();
    const text = this.#buffer.toString('utf8', this.#at, end);
    this.#at = end;
    return text;
  }

  part(): Reader {
    const end = this.#fieldEnd();
    const part = new Reader(this.#buffer, this.#at, end);
    this.#at = end;
    return part;
  }

  /** Passes over a field nobody knows. */
  skip(tag: number): void {
    const wireType = tag % 8;
    if (tag < 8) throw new TransportError('invalid', 'a message holds a field without a number');
    if (wireType === 0) this.varint();
    else if (wireType === 1) this.#pass(8);
    else if (wireType === 2) this.#at = this.#fieldEnd();
    else if (wireType === 5) this.#pass(4);
    else throw new TransportError('invalid', `a message holds a field of the unknown type ${wireType}`);
  }

  #fieldEnd(): number {
    const length = this.varint();
    if (length > this.#end - this.#at) throw cut();
    return this.#at + length;
  }

  #pass(bytes: number): void {
    if (bytes > this.#end - this.#at) throw cut();
    this.#at += bytes;
  }
}

const cut = (): TransportError => new TransportError('invalid', 'a message ends in the middle of a field');
