import { randomInt } from 'node:crypto';

/** Crockford's base 32: no letter looks like a digit or another letter, and none of them spells trouble. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const head = 4;
/** Telephones make longer dashes of short ones. */
const gaps = /[-\u2010-\u2015 \t]/g;

/** A code for people to copy, that nobody can foresee: five bits a letter. */
export const newCode = (length: number): string =>
  Array.from({ length }, () => letters.charAt(randomInt(letters.length))).join('');

/** As people read it: `K7QD-2M`. */
export const showCode = (code: string): string => `${code.slice(0, head)}-${code.slice(head)}`;

/** The code of so many letters that somebody typed, in any case, with or without dashes, O for 0 and I or L for 1; undefined for what is none. */
export function readCode(typed: string, length: number): string | undefined {
  const bare = typed.replaceAll(gaps, '');
  // Other alphabets have letters that become ours in upper case.
  if (!/^[0-9A-Za-z]+$/.test(bare)) return undefined;
  const code = bare.toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return code.length === length && Array.from(code).every((letter) => letters.includes(letter)) ? code : undefined;
}
