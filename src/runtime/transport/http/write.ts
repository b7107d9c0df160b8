import type { Socket as NetSocket } from 'node:net';
import type { Body, Headers } from '../transport.ts';
import { TransportError } from '../transport.ts';
import type { Field, FieldRole } from '../field.ts';
import { fieldOf } from '../field.ts';

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
  net: NetSocket,
  start: string,
  headers: Headers,
  body: Body,
  skipped: ReadonlySet<FieldRole>,
): boolean {
  let head = start;
  let isPlain = true;
  for (const spelling in headers) {
    const value = headers[spelling];
    const field = fieldOf(spelling);
    if (value === undefined || skipped.has(field.role)) continue;
    head += field.prefix + value + '\r\n';
    if (field.lastPlain === value) continue;
    if (!unusual.test(value)) remember(field, value);
    else if (forbidden.test(value)) throw lineBreak(spelling);
    else isPlain = false;
  }
  return typeof body === 'string' ? writeText(net, head, body, isPlain) : writeBytes(net, head, body);
}

/** Raw UTF-8 goes over the wire, in headers too, as Go does it. Plain ASCII is written faster as latin-1, with the same bytes. */
function writeText(net: NetSocket, head: string, body: string, isPlain: boolean): boolean {
  const length = Buffer.byteLength(body);
  const text = `${head}Content-Length: ${length}\r\n\r\n${body}`;
  return net.write(text, isPlain && length === body.length ? 'latin1' : 'utf8');
}

function writeBytes(net: NetSocket, head: string, body: Uint8Array): boolean {
  const top = `${head}Content-Length: ${body.length}\r\n\r\n`;
  if (body.length === 0) return net.write(top);
  if (body.length <= maxCopiedBytes) {
    const topLength = Buffer.byteLength(top);
    const all = Buffer.allocUnsafe(topLength + body.length);
    all.write(top, 0);
    all.set(body, topLength);
    return net.write(all);
  }
  net.cork();
  net.write(top);
  const keepsUp = net.write(body);
  net.uncork();
  return keepsUp;
}

function remember(field: Field, value: string): void {
  if (value.length <= maxRememberedChars) field.lastPlain = value;
}

function lineBreak(name: string): TransportError {
  return new TransportError('invalid', `the header ${name} has a line break or a NUL in its value`);
}
