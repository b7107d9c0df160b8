import type { Headers } from '../transport.ts';
import { TransportError } from '../transport.ts';
import type { Field, FieldRole } from '../field.ts';
import { fieldOf } from '../field.ts';

const maxRememberedChars = 256;
const unusual = /[^\t\x20-\x7e]/;
const forbidden = /[\0\r\n]/;

/** A header with its line. */
interface Line {
  readonly name: string;
  readonly value: string | undefined;
  /** Empty for what is left out. */
  readonly text: string;
}

/** Writes the heads of one connection. They nearly always begin alike: what all of them began with so far is put together once. */
export class HeadWriter {
  readonly #skipped: ReadonlySet<FieldRole>;
  #start = '';
  #lines: Line[] = [];
  /** The start and these lines. */
  #text = '';

  /** Framing is not ours: headers of `skipped` roles are left out. */
  constructor(skipped: ReadonlySet<FieldRole>) {
    this.#skipped = skipped;
  }

  /** The head up to the line of its length, its bytes as latin-1. Throws a `TransportError` (`invalid`) for a header that cannot be written. */
  write(start: string, headers: Headers): string {
    if (start !== this.#start) this.#learn(start, headers);
    let head = this.#text;
    let at = 0;
    let isPlain = true;
    for (const name in headers) {
      const value = headers[name];
      if (at < this.#lines.length) {
        const line = this.#lines[at];
        if (line?.name === name && line.value === value) {
          at += 1;
          continue;
        }
        head = this.#shorten(at);
      }
      const field = fieldOf(name);
      if (value === undefined || this.#skips(field)) continue;
      if (field.lastPlain === value) head += field.lastLine;
      else if (isUsual(name, value)) head += lineOf(field, value);
      else {
        isPlain = false;
        head += `${field.prefix}${value}\r\n`;
      }
    }
    if (at < this.#lines.length) head = this.#shorten(at);
    return isPlain ? head : bytesAsText(Buffer.from(head));
  }

  #learn(start: string, headers: Headers): void {
    this.#start = start;
    this.#lines = [];
    for (const name in headers) {
      const value = headers[name];
      const field = fieldOf(name);
      const isOut = value === undefined || this.#skips(field);
      if (!isOut && (value.length > maxRememberedChars || !isUsual(name, value))) break;
      this.#lines.push({ name, value, text: isOut ? '' : lineOf(field, value) });
    }
    this.#shorten(this.#lines.length);
  }

  /** Keeps only so many lines. */
  #shorten(length: number): string {
    this.#lines.length = length;
    this.#text = this.#start + this.#lines.map(({ text }) => text).join('');
    return this.#text;
  }

  #skips({ role }: Field): boolean {
    return role !== 'plain' && this.#skipped.has(role);
  }
}

/** Whether the value is plain ASCII; throws when no header can carry it. */
function isUsual(name: string, value: string): boolean {
  if (!unusual.test(value)) return true;
  if (forbidden.test(value)) {
    throw new TransportError('invalid', `the header ${name} has a line break or a NUL in its value`);
  }
  return false;
}

/** The line of a plain value, which is remembered: most headers have the same one again and again. */
function lineOf(field: Field, value: string): string {
  const line = `${field.prefix}${value}\r\n`;
  if (value.length <= maxRememberedChars) {
    field.lastPlain = value;
    field.lastLine = line;
  }
  return line;
}

/** Bytes as text of one character each. Raw UTF-8 goes over the wire, in headers too, as Go does it. */
export const bytesAsText = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
