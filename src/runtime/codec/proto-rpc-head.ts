import type { EnvelopeHead } from './codec.ts';

/*
 * The envelopes of proto-rpc: service_method = 1, a string; seq = 2, a fixed64; and in answers error = 3, a string. All fields are
 * written, empty ones too: that is what the oldest readers expect and the newest accept.
 */

const methodTag = 0x0a;
const seqTag = 0x11;
const errorTag = 0x1a;

export const sizeOfRequestHead = (endpoint: string): number => sizeOfText(endpoint) + 9;

export function writeRequestHead(body: Buffer, at: number, id: string, endpoint: string): void {
  writeSeq(body, writeText(body, at, methodTag, endpoint), id);
}

export const sizeOfAnswerHead = (error: string): number => 2 + 9 + sizeOfText(error);

export function writeAnswerHead(body: Buffer, at: number, id: string, error: string): void {
  writeText(body, writeSeq(body, writeText(body, at, methodTag, ''), id), errorTag, error);
}

function sizeOfText(text: string): number {
  const length = Buffer.byteLength(text);
  let size = 1 + length;
  for (let rest = length; ; rest = Math.floor(rest / 128)) {
    size += 1;
    if (rest < 128) return size;
  }
}

/** Returns where it ends. */
function writeText(head: Buffer, start: number, tag: number, text: string): number {
  head[start] = tag;
  let at = start + 1;
  let rest = Buffer.byteLength(text);
  for (; rest >= 128; rest = Math.floor(rest / 128)) {
    head[at] = (rest % 128) + 128;
    at += 1;
  }
  head[at] = rest;
  return at + 1 + head.write(text, at + 1);
}

function writeSeq(head: Buffer, at: number, id: string): number {
  head[at] = seqTag;
  if (/^\d{1,9}$/.test(id)) {
    head.writeUInt32LE(Number(id), at + 1);
    head.writeUInt32LE(0, at + 5);
  } else head.writeBigUInt64LE(seqOf(id), at + 1);
  return at + 9;
}

/** An id that is no 64-bit number is 0. */
function seqOf(id: string): bigint {
  if (!/^[+-]?\d{1,19}$/.test(id)) return 0n;
  const seq = BigInt(id.startsWith('+') ? id.slice(1) : id);
  return BigInt.asIntN(64, seq) === seq ? BigInt.asUintN(64, seq) : 0n;
}

function readSeq(head: Buffer, at: number): string {
  const high = head.readUInt32LE(at + 4);
  return high === 0 ? String(head.readUInt32LE(at)) : head.readBigUInt64LE(at).toString();
}

interface Head extends EnvelopeHead {
  /** Empty when there is none. */
  readonly error: string;
}

/** Absent fields are empty. Fields that we don't know are skipped. */
export function readHead(bytes: Buffer): Head {
  let endpoint = '';
  let id = '0';
  let error = '';
  let at = 0;

  while (at < bytes.length) {
    const tag = varint();
    if (tag === methodTag) endpoint = text();
    else if (tag === errorTag) error = text();
    else if (tag === seqTag) id = readSeq(bytes, take(8));
    else skip(tag);
  }
  return { endpoint, id, error };

  function varint(): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 28; factor *= 128) {
      const byte = bytes[take(1)] ?? 0;
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
    throw new Error('proto-rpc: a number in the envelope is too long');
  }

  /** Where the next `count` bytes begin. */
  function take(count: number): number {
    const start = at;
    if (count > bytes.length - start) throw new Error('proto-rpc: the envelope is cut off');
    at = start + count;
    return start;
  }

  function text(): string {
    const start = take(varint());
    return bytes.toString('utf8', start, at);
  }

  function skip(tag: number): void {
    switch (tag % 8) {
      case 0:
        while ((bytes[take(1)] ?? 0) >= 128);
        return;
      case 1:
        take(8);
        return;
      case 2:
        take(varint());
        return;
      case 5:
        take(4);
        return;
      default:
        throw new Error('proto-rpc: the envelope is no protobuf');
    }
  }
}
