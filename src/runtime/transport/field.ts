import { TransportError } from './transport.ts';

/** What a header means to the transport itself; `plain` ones are only carried. */
export type FieldRole = 'plain' | 'length' | 'coding' | 'host' | 'trailer' | 'connection' | 'expect';

export interface Field {
  /** Canonical: `Content-Type`. */
  readonly name: string;
  /** `Content-Type: `, ready to be written. */
  readonly prefix: string;
  readonly role: FieldRole;
  /** The value that was last found to be plain ASCII: most headers have the same one again and again, and it is checked once. */
  lastPlain: string;
  /** The whole line with that value. */
  lastLine: string;
}

const roles: ReadonlyMap<string, FieldRole> = new Map([
  ['Content-Length', 'length'],
  ['Transfer-Encoding', 'coding'],
  ['Host', 'host'],
  ['Trailer', 'trailer'],
  ['Connection', 'connection'],
  ['Expect', 'expect'],
]);

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const maxKnown = 2048;
const known = new Map<string, Field>();

/** The field of a header name in any spelling. Throws a `TransportError` (`invalid`) for what is no name. */
export const fieldOf = (spelling: string): Field => known.get(spelling) ?? learn(spelling);

function learn(spelling: string): Field {
  if (!token.test(spelling)) throw new TransportError('invalid', `${JSON.stringify(spelling)} is no header name`);
  const name = canonical(spelling);
  const prefix = `${name}: `;
  const field: Field = { name, prefix, role: roles.get(name) ?? 'plain', lastPlain: '', lastLine: `${prefix}\r\n` };
  // Peers choose the names: forgetting all of them now and then keeps the map small, and those in use come back at once.
  if (known.size >= maxKnown) known.clear();
  // A slice of a head would keep the whole head alive.
  known.set(Buffer.from(spelling, 'latin1').toString('latin1'), field);
  return field;
}

/** `micro-ID` → `Micro-Id`: upper case first and after each dash, lower case elsewhere. */
const canonical = (name: string): string => name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
