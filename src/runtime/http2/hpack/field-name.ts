import { TransportError } from '../../transport/transport.ts';
import { staticNameIndex } from './static-table.ts';

/** A name that may be sent, looked at once. */
export interface FieldName {
  readonly text: string;
  /** Its first index in the static table, or 0. */
  readonly index: number;
  /** Its values are secrets: no table keeps them, not even one of a proxy on the way. */
  readonly isSecret: boolean;
}

const token = /^:?[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const secret = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-api-key', 'x-auth-token']);

const known = new Map<string, FieldName>();
const maxKnown = 1024;

/** Throws a `TransportError` (`invalid`) when it is no token in lower case. */
export const fieldName = (text: string): FieldName => known.get(text) ?? learn(text);

function learn(text: string): FieldName {
  if (!token.test(text)) throw new TransportError('invalid', `${JSON.stringify(text)} is no name of a header`);
  if (known.size === maxKnown) known.clear();
  const name: FieldName = { text, index: staticNameIndex(text), isSecret: secret.has(text) };
  known.set(text, name);
  return name;
}
