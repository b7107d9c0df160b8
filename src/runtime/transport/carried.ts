import { fieldOf } from './field.ts';
import type { Headers } from './transport.ts';
import { TransportError } from './transport.ts';

const forbidden = /[\0\r\n]/;

/**
 * The headers that a transport other than HTTP carries, as HTTP would carry them: canonical names, nothing about framing. Throws a
 * `TransportError` (`invalid`) for what HTTP could not carry: handlers pass headers on, and the next transport may be HTTP.
 */
export function outgoing(headers: Headers): Record<string, string> {
  const carried: Record<string, string> = {};
  for (const spelling in headers) {
    const value = headers[spelling];
    const { name, role } = fieldOf(spelling);
    if (value === undefined) continue;
    if (forbidden.test(value))
      throw new TransportError('invalid', `the header ${spelling} has a line break or a NUL in its value`);
    if (role === 'plain' || role === 'connection') carried[name] ??= value;
  }
  return carried;
}

/**
 * Adds a header as a peer wrote it. Other transports than HTTP let peers send anything: a name that is none is left out, and line breaks
 * in a value become blanks, as Go's HTTP does it. A repeated name keeps its first value.
 */
export function addIncoming(headers: Record<string, string>, spelling: string, value: string): void {
  if (!isName.test(spelling)) return;
  const { name, role } = fieldOf(spelling);
  if (role !== 'plain' && role !== 'connection') return;
  // `__proto__` finds something here, too, and is left out.
  if (headers[name] === undefined) headers[name] = forbidden.test(value) ? value.replace(/[\0\r\n]/g, ' ') : value;
}

const isName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
