import type { Body, Headers } from '../transport.ts';
import { TransportError } from '../transport.ts';
import type { FieldRole } from '../field.ts';
import { fieldOf } from '../field.ts';
import type { Outbox } from './outbox.ts';

/** Bodies up to this size are copied behind their head: cheaper than handing two pieces to the kernel. */
const maxCopiedBytes = 16 * 1024;
const maxRememberedChars = 256;
const unusual = /[^\t\x20-\x7e]/;
const forbidden = /[\0\r\n]/;

/**
 * Writes one message and says whether the other side keeps up. Framing is ours: headers of `skipped` roles are left out.
 * Throws a `TransportError` (`invalid`), and writes nothing, for a header that cannot be written.
 */
export function writeMessage(
  outbox: Outbox,
  start: string,
  headers: Headers,
  body: Body,
  skipped: ReadonlySet<FieldRole>,
): boolean {
  const head = headOf(start, headers, skipped);
  if (typeof body !== 'string') return writeBytes(outbox, head, body);
  const length = Buffer.byteLength(body);
  // Plain ASCII: its characters are its bytes.
  if (length === body.length && length <= maxCopiedBytes) {
    return outbox.add(`${head}Content-Length: ${length}\r\n\r\n${body}`);
  }
  return writeBytes(outbox, head, Buffer.from(body));
}

function headOf(start: string, headers: Headers, skipped: ReadonlySet<FieldRole>): string {
  let head = start;
  let isPlain = true;
  for (const spelling in headers) {
    const value = headers[spelling];
    const field = fieldOf(spelling);
    if (value === undefined || (field.role !== 'plain' && skipped.has(field.role))) continue;
    if (field.lastPlain === value) {
      head += field.lastLine;
      continue;
    }
    const line = `${field.prefix}${value}\r\n`;
    head += line;
    if (!unusual.test(value)) {
      if (value.length > maxRememberedChars) continue;
      field.lastPlain = value;
      field.lastLine = line;
    } else if (forbidden.test(value)) throw lineBreak(spelling);
    else isPlain = false;
  }
  return isPlain ? head : asText(Buffer.from(head));
}

function writeBytes(outbox: Outbox, head: string, body: Uint8Array): boolean {
  const top = `${head}Content-Length: ${body.length}\r\n\r\n`;
  if (body.length === 0) return outbox.add(top);
  if (body.length <= maxCopiedBytes) return outbox.add(top + asText(body));
  outbox.add(top);
  return outbox.addLarge(body);
}

/** Bytes as text of one character each. Raw UTF-8 goes over the wire, in headers too, as Go does it. */
const asText = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

function lineBreak(name: string): TransportError {
  return new TransportError('invalid', `the header ${name} has a line break or a NUL in its value`);
}
