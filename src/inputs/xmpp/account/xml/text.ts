import { XmlError } from './error.ts';

const predefined: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const reference = /&([^;&]{0,12})(;?)/g;
// What XML can't carry, neither as it is nor as a reference.
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** The most characters of a reference such as `&#1114111;`. */
export const maxReferenceChars = 12;

/** Text or an attribute's value, with its references resolved. Entities that a server could declare are none. Throws an `XmlError`. */
export function decodeText(raw: string): string {
  if (forbidden.test(raw)) throw new XmlError('not-well-formed', 'a character that XML does not allow');
  if (!raw.includes('&')) return raw;
  return raw.replace(reference, (_, name: string, end: string) => {
    if (end === '') throw new XmlError('not-well-formed', 'an ampersand that begins nothing');
    return name.startsWith('#') ? charOf(name) : entity(name);
  });
}

/** Whether XML can carry the text at all. */
export const isCarriable = (text: string): boolean => !forbidden.test(text) && !/\p{Surrogate}/u.test(text);

function entity(name: string): string {
  if (Object.hasOwn(predefined, name)) return predefined[name] ?? '';
  throw new XmlError('restricted-xml', 'an entity that is none of the five of XML');
}

function charOf(name: string): string {
  const digits = /^#(?:x([\da-fA-F]{1,6})|(\d{1,7}))$/.exec(name);
  const code = digits === null ? -1 : Number.parseInt(digits[1] ?? digits[2] ?? '', digits[1] === undefined ? 10 : 16);
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < 0 || code > 0x10ffff || isSurrogate || forbidden.test(String.fromCodePoint(code))) {
    throw new XmlError('not-well-formed', 'a reference to no character of XML');
  }
  return String.fromCodePoint(code);
}
