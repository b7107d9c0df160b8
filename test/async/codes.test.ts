import { expect, it } from 'vitest';
import { newCode, readCode, showCode } from '../../src/async/codes.ts';

it('what is made is read again, however people write it', () => {
  for (const length of [6, 8]) {
    const code = newCode(length);
    const shown = showCode(code);
    expect(shown).toMatch(length === 6 ? /^[0-9A-Z]{4}-[0-9A-Z]{2}$/ : /^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    for (const typed of [
      shown,
      code,
      shown.toLowerCase(),
      shown.replace('-', '\u2013'),
      ` ${shown.replace('-', ' ')} `,
    ]) {
      expect(readCode(typed, length)).toBe(code);
    }
    expect(readCode(shown, length + 1)).toBeUndefined();
  }
  expect(newCode(8)).not.toBe(newCode(8));
});

it('letters that look alike are one, and those of other alphabets are none of ours', () => {
  expect(readCode('ooiL-1l', 6)).toBe('001111');
  for (const typed of [
    '',
    '-',
    'K7QD-2U',
    'K7QD-2\u0131',
    'K7QD-2\u017f',
    'K7QD_2M',
    'K7QD-2',
    'K7QD-2MX',
    '\uff2b7QD-2M',
  ]) {
    expect(readCode(typed, 6)).toBeUndefined();
  }
});
