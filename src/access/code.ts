import { createHash, randomInt } from 'node:crypto';

/** Crockford's: no letter looks like another letter or a digit. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 8;
const shape = new RegExp(`^[${letters}]{${length}}$`);

/** `K7QD-2MXA`. */
export function newCode(): string {
  const code = Array.from({ length }, () => letters.charAt(randomInt(letters.length))).join('');
  return `${code.slice(0, length / 2)}-${code.slice(length / 2)}`;
}

/** What is kept of a code: whoever reads the state does not have it. Case and dashes don't matter, O is 0, I and L are 1. Undefined for what can be none. */
export function printOf(typed: string): string | undefined {
  const code = typed.toUpperCase().replaceAll(/[-\s]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  if (!shape.test(code)) return undefined;
  return createHash('sha256').update(`link ${code}`).digest('hex');
}
