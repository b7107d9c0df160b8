import type { Body } from '../transport.ts';
import { bytesAsText } from './head-writer.ts';
import type { Outbox } from './outbox.ts';

/** Bodies up to this size are copied behind their head: cheaper than handing two pieces to the kernel. */
const maxCopiedBytes = 16 * 1024;

/** Writes one message, whose head is there up to the line of its length, and says whether the other side keeps up. */
export function writeMessage(outbox: Outbox, head: string, body: Body): boolean {
  if (typeof body !== 'string') return writeBytes(outbox, head, body);
  const length = Buffer.byteLength(body);
  // Plain ASCII: its characters are its bytes.
  if (length === body.length && length <= maxCopiedBytes) {
    return outbox.add(`${head}Content-Length: ${length}\r\n\r\n${body}`);
  }
  return writeBytes(outbox, head, Buffer.from(body));
}

function writeBytes(outbox: Outbox, head: string, body: Uint8Array): boolean {
  const top = `${head}Content-Length: ${body.length}\r\n\r\n`;
  if (body.length === 0) return outbox.add(top);
  if (body.length <= maxCopiedBytes) return outbox.add(top + bytesAsText(body));
  outbox.add(top);
  return outbox.addLarge(body);
}
