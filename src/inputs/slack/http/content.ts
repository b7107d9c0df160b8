import type { IncomingHttpHeaders } from 'node:http';
import type { Delivery } from '../source.ts';
import { Refusal } from './refusal.ts';

/** What a genuine request holds. */
export type Content =
  | { readonly kind: 'delivery'; readonly delivery: Delivery }
  /** Slack wants to hear this word, to know that the address is ours. */
  | { readonly kind: 'challenge'; readonly challenge: string }
  /** Slack looks whether our certificate is good. */
  | { readonly kind: 'check' };

type Fields = Readonly<Record<string, unknown>>;

/** Throws a `Refusal`: 415 for what Slack never sends, 400 for what can't be read. */
export function readContent(headers: IncomingHttpHeaders, body: Buffer): Content {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = headers;
  if (encoding !== 'identity') throw new Refusal(415, 'body is encoded');
  const [media = '', ...parameters] = type.toLowerCase().split(';');
  const isUtf8 = parameters.every((each) => !each.includes('charset') || /^\s*charset="?utf-8"?\s*$/.test(each));
  if (!isUtf8) throw new Refusal(415, 'body is no UTF-8');
  switch (media.trim()) {
    case 'application/json':
      return readEvent(fields(decode(body)));
    case 'application/x-www-form-urlencoded':
      return readForm(new URLSearchParams(decode(body)));
    default:
      return unknownType();
  }
}

const unknownType = (): never => {
  throw new Refusal(415, 'content type is unknown');
};

function readEvent(body: Fields): Content {
  if (body['type'] !== 'url_verification') return { kind: 'delivery', delivery: { kind: 'events_api', body } };
  const { challenge } = body;
  if (typeof challenge !== 'string') throw new Refusal(400, 'challenge is no text');
  return { kind: 'challenge', challenge };
}

function readForm(form: URLSearchParams): Content {
  const payload = form.get('payload');
  if (payload !== null) return { kind: 'delivery', delivery: { kind: 'interactive', body: fields(payload) } };
  if (form.has('command'))
    return { kind: 'delivery', delivery: { kind: 'slash_commands', body: Object.fromEntries(form) } };
  if (form.get('ssl_check') === '1') return { kind: 'check' };
  throw new Refusal(400, 'form is none of Slack');
}

function fields(json: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // What JSON.parse says quotes the text.
    throw new Refusal(400, 'JSON is wrong');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal(400, 'JSON is no object');
  return value as Fields;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw new Refusal(400, 'body is no UTF-8');
  }
}
