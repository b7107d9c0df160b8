import type { FieldRole } from '../field.ts';
import { fieldOf } from '../field.ts';
import { TransportError } from '../transport.ts';
import { framingOf, invalid } from './framing.ts';
import type { Framing } from './framing.ts';
import type { Limits } from './limits.ts';

export type Kind = 'request' | 'response';

/** What stands before a body. */
export interface Head {
  headers: Record<string, string>;
  framing: Framing;
  /** Where the head ends in the text it was read from. */
  end: number;
  /** The status of a response; 0 for a request. */
  status: number;
  /** The sender closes, or wants us to close, after this message. */
  isLast: boolean;
  /** The sender waits for `100 Continue` before it sends the body. */
  expectsContinue: boolean;
}

/** One header line as it was read. */
export interface Line {
  /** With its line break. */
  readonly text: string;
  readonly role: FieldRole;
  readonly name: string;
  /** The name as it was spelled, and the colon. */
  readonly start: string;
  /** Whether the headers have this value, and not the one of an earlier line. */
  readonly isKept: boolean;
}

const requestLine = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+ [^\s\0]+ HTTP\/1\.([01])$/;
const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: ([^\0]*))?$/;
const usualRequest = 'POST / HTTP/1.1';
const usualStatus = 'HTTP/1.1 200 OK';

/**
 * Reads the head that starts at `from`; undefined when its end is not in `text`. `raw` says that `text` is latin-1 and values have to be
 * decoded as UTF-8. Its header lines are added to `lines`. Throws `invalid` or `too_large`.
 */
export function readHead(
  text: string,
  from: number,
  raw: boolean,
  kind: Kind,
  limits: Limits,
  lines: Line[],
): Head | undefined {
  let at = lineEnd(text, from);
  if (at === -1) return undefined;
  const head: Head = { headers: {}, framing: 0, end: 0, status: 0, isLast: false, expectsContinue: false };
  const { headers } = head;
  const isOld = startLine(text.slice(from, at), kind, head, raw);
  let length: string | undefined;
  let coding: string | undefined;
  for (let count = 0; ; count += 1) {
    const start = at + 2;
    at = lineEnd(text, start);
    if (at === -1) return undefined;
    if (at === start) break;
    if (count === limits.maxHeaders) throw new TransportError('too_large', `more than ${count} headers`);
    const colon = text.indexOf(':', start);
    if (colon === -1 || colon >= at) throw invalid('a header line has no colon');
    const { name, role } = fieldOf(text.slice(start, colon));
    const value = valueOf(text, colon + 1, at, raw);
    let isKept = false;
    if (role === 'plain' || role === 'connection') {
      // A repeated header keeps the first value, as in Go. `__proto__` finds something here, too, and is left out.
      isKept = headers[name] === undefined;
      if (isKept) headers[name] = value;
      if (role === 'connection') head.isLast ||= /(?:^|,)\s*close\s*(?:,|$)/i.test(value);
    } else if (role === 'length') {
      if (length !== undefined && length !== value) throw invalid('two different Content-Lengths');
      length = value;
    } else if (role === 'coding') {
      if (coding !== undefined) throw invalid('two Transfer-Encodings');
      coding = value;
    } else if (role === 'expect') {
      head.expectsContinue = !isOld && value.toLowerCase() === '100-continue';
    }
    lines.push({ text: text.slice(start, at + 2), role, name, start: text.slice(start, colon + 1), isKept });
  }
  head.end = at + 2;
  head.isLast ||= isOld && headers['Connection']?.toLowerCase() !== 'keep-alive';
  head.framing = framingOf({ kind, status: head.status, length, coding, isOld }, limits);
  return head;
}

/** Where the line from `from` ends; -1 when it doesn't yet. A line feed or carriage return of its own is refused. */
export function lineEnd(text: string, from: number): number {
  const at = text.indexOf('\r', from);
  const lineFeed = text.indexOf('\n', from);
  if (lineFeed === -1) {
    if (at !== -1 && at !== text.length - 1) throw invalid('a carriage return inside a line');
    return -1;
  }
  if (lineFeed !== at + 1 || at === -1) throw invalid('a line break that is not CR LF');
  return at;
}

/** A header's value without the blanks around it. A NUL in it is refused. */
export function valueOf(text: string, from: number, to: number, raw: boolean): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  const value = text.slice(start, end);
  if (value.includes('\0')) throw invalid('a NUL in the head');
  return decoded(value, raw);
}

const decoded = (text: string, raw: boolean): string =>
  raw && /[\x80-\xff]/.test(text) ? Buffer.from(text, 'latin1').toString('utf8') : text;

const isBlank = (code: number): boolean => code === 32 || code === 9;

/** Checks the first line, notes the status, and says whether the sender speaks HTTP/1.0. */
function startLine(line: string, kind: Kind, head: Head, raw: boolean): boolean {
  if (kind === 'request') {
    if (line === usualRequest) return false;
    const version = requestLine.exec(line)?.[1];
    if (version === undefined) throw invalid('the first line is no HTTP/1.1 request');
    return version === '0';
  }
  head.status = 200;
  if (line === usualStatus) return false;
  const match = statusLine.exec(line);
  if (match === null) throw invalid('the first line is no HTTP/1.1 response');
  head.status = Number(match[2]);
  if (head.status !== 200) head.headers[':status'] = decoded(`${match[2]} ${match[3] ?? ''}`.trim(), raw);
  return match[1] === '0';
}
