import type { Body, Headers } from '../transport/transport.ts';

/** A message as the http, nats, redis and mqtt brokers of Go write it: `{"Header":{…},"Body":"<base64>"}`, the very same bytes. */
export function encodeMessage(headers: Headers, body: Body): string {
  const names = Object.keys(headers).toSorted(byBytes);
  const fields = names.map((name) => `${quoted(name)}:${quoted(headers[name] ?? '')}`);
  const bytes =
    typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return `{"Header":{${fields.join(',')}},"Body":"${bytes.toString('base64')}"}`;
}

export interface DecodedMessage {
  readonly headers: Headers;
  readonly body: Buffer;
}

/** Undefined for what is no message. As in Go, member names may have any case, and `null` is empty. */
export function decodeMessage(bytes: Buffer): DecodedMessage | undefined {
  const message = parse(bytes);
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return undefined;
  const headers = headersOf(memberOf(message, 'header'));
  const body = bytesOf(memberOf(message, 'body'));
  return headers === undefined || body === undefined ? undefined : { headers, body };
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

/** Of several spellings the last one counts, as in Go. */
const memberOf = (message: object, name: string): unknown =>
  Object.entries(message).findLast(([key]) => key.toLowerCase() === name)?.[1];

function headersOf(value: unknown): Headers | undefined {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  const pairs = Object.entries(value).map(([name, text]: [string, unknown]) => [name, text ?? ''] as const);
  return pairs.every((pair): pair is readonly [string, string] => typeof pair[1] === 'string')
    ? Object.fromEntries(pairs)
    : undefined;
}

function bytesOf(value: unknown): Buffer | undefined {
  if (value === undefined || value === null) return Buffer.alloc(0);
  if (typeof value !== 'string') return undefined;
  const bytes = Buffer.from(value, 'base64');
  // Node skips what is not base64: the length tells.
  return value.length % 4 === 0 && bytes.length === Buffer.byteLength(value, 'base64') ? bytes : undefined;
}

/** Go orders names by their bytes, which differs from the order of UTF-16 only behind surrogates. */
function byBytes(one: string, other: string): number {
  if (!/[\ud800-\udfff]/.test(one + other)) return one < other ? -1 : Number(one > other);
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

/** Go's JSON writer escapes these, so that the text is safe inside HTML. */
const quoted = (text: string): string =>
  JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
