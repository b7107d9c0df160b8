import { TransportError } from '../transport.ts';
import { fieldOf } from '../field.ts';
import type { Limits } from './limits.ts';

export type Kind = 'request' | 'response';

/** How the end of a body is found: by its length, by its last chunk, by the end of the connection. */
export type Framing = number | 'chunked' | 'to the end';

/** What stands before a body. */
export interface Head {
  readonly headers: Record<string, string>;
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

const requestLine = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+ [^\s\0]+ HTTP\/1\.([01])$/;
const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: ([^\0]*))?$/;
const usualRequest = 'POST / HTTP/1.1';
const usualStatus = 'HTTP/1.1 200 OK';
const digits = /^\d{1,15}$/;

/**
 * Reads the head that starts at `from`; undefined when its end is not in `text`. `raw` says that `text` is latin-1 and values have to be
 * decoded as UTF-8. Throws `invalid` or `too_large`.
 */
export function readHead(text: string, from: number, raw: boolean, kind: Kind, limits: Limits): Head | undefined {
  let at = lineEnd(text, from);
  if (at === -1) return undefined;
  const head: Head = { headers: {}, framing: 0, end: 0, status: 0, isLast: false, expectsContinue: false };
  const isOld = startLine(text.slice(from, at), kind, head);
  const nul = text.indexOf('\0', from);
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
    if (role === 'plain' || role === 'agent') {
      // A repeated header keeps the first value, as in Go. `__proto__` finds something here, too, and is left out.
      if (head.headers[name] === undefined) head.headers[name] = value;
    } else if (role === 'length') {
      if (length !== undefined && length !== value) throw invalid('two different Content-Lengths');
      length = value;
    } else if (role === 'coding') {
      if (coding !== undefined) throw invalid('two Transfer-Encodings');
      coding = value;
    } else if (role === 'connection') {
      head.headers[name] ??= value;
      head.isLast ||= /(?:^|,)\s*close\s*(?:,|$)/i.test(value);
    } else if (role === 'expect') {
      head.expectsContinue = !isOld && value.toLowerCase() === '100-continue';
    }
  }
  if (nul !== -1 && nul < at) throw invalid('a NUL in the head');
  head.end = at + 2;
  head.isLast ||= isOld && head.headers['Connection']?.toLowerCase() !== 'keep-alive';
  head.framing = framingOf(kind, head.status, length, coding, isOld, limits);
  return head;
}

/** Where the line from `from` ends; -1 when it doesn't yet. A line feed or carriage return of its own is refused. */
function lineEnd(text: string, from: number): number {
  const at = text.indexOf('\r', from);
  const lineFeed = text.indexOf('\n', from);
  if (lineFeed === -1) {
    if (at !== -1 && at !== text.length - 1) throw invalid('a carriage return inside a line');
    return -1;
  }
  if (lineFeed !== at + 1 || at === -1) throw invalid('a line break that is not CR LF');
  return at;
}

/** Checks the first line, notes the status, and says whether the sender speaks HTTP/1.0. */
function startLine(line: string, kind: Kind, head: Head): boolean {
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
  if (head.status !== 200) head.headers[':status'] = `${match[2]} ${match[3] ?? ''}`.trim();
  return match[1] === '0';
}

function valueOf(text: string, from: number, to: number, raw: boolean): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  const value = text.slice(start, end);
  return raw && /[\x80-\xff]/.test(value) ? Buffer.from(value, 'latin1').toString('utf8') : value;
}

const isBlank = (code: number): boolean => code === 32 || code === 9;

/** Two answers to the question where a body ends are how requests get smuggled: anything but one clear answer is refused. */
function framingOf(
  kind: Kind,
  status: number,
  length: string | undefined,
  coding: string | undefined,
  isOld: boolean,
  limits: Limits,
): Framing {
  if (coding !== undefined) {
    if (length !== undefined) throw invalid('both Content-Length and Transfer-Encoding');
    if (isOld || coding.toLowerCase() !== 'chunked') throw invalid('a Transfer-Encoding other than chunked');
  }
  if (length !== undefined && !digits.test(length)) throw invalid('the Content-Length is no number');
  if (kind === 'response' && (status < 200 || status === 204 || status === 304)) return 0;
  if (coding !== undefined) return 'chunked';
  if (length === undefined) return kind === 'request' ? 0 : 'to the end';
  const bytes = Number(length);
  if (bytes > limits.maxBodyBytes) {
    throw new TransportError('too_large', `the body is larger than ${limits.maxBodyBytes} bytes`);
  }
  return bytes;
}

export const invalid = (sentence: string): TransportError => new TransportError('invalid', sentence);
