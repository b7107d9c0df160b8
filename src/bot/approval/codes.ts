import { randomBytes } from 'node:crypto';

/** Crockford's base 32: no letter looks like a digit, and none of them spells trouble. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 6;
const head = 4;

/** Six letters that nobody can foresee, 30 bits. */
export const newCode = (): string => Array.from(randomBytes(length), (byte) => letters.charAt(byte & 31)).join('');

/** `K7QD-2M` */
export const showCode = (code: string): string => `${code.slice(0, head)}-${code.slice(head)}`;

/** The code somebody typed, in any case, with or without dashes, O for 0 and I or L for 1; undefined for what is none. */
export function readCode(typed: string): string | undefined {
  if (!/^[0-9A-Za-z\u2010-\u2015-]{6,12}$/.test(typed)) return undefined;
  const code = typed
    .replaceAll(/[\u2010-\u2015-]/g, '')
    .toUpperCase()
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  return code.length === length && Array.from(code).every((letter) => letters.includes(letter)) ? code : undefined;
}
