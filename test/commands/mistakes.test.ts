import { assert, constantFrom, integer, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { mistakes } from '../../src/commands/mistakes.ts';

/** The textbook's recursion, without any of the shortcuts. */
function plain(one: string, other: string): number {
  if (one === '' || other === '') return one.length + other.length;
  const swapped = one.length > 1 && other.length > 1 && one[0] === other[1] && one[1] === other[0];
  return Math.min(
    plain(one.slice(1), other) + 1,
    plain(one, other.slice(1)) + 1,
    plain(one.slice(1), other.slice(1)) + (one[0] === other[0] ? 0 : 1),
    swapped ? plain(one.slice(2), other.slice(2)) + 1 : Number.POSITIVE_INFINITY,
  );
}

const word = string({ unit: constantFrom('a', 'b', 'c'), maxLength: 6 });

test('counts what the plain recursion counts, up to the limit', () => {
  assert(
    property(word, word, integer({ min: 0, max: 4 }), (one, other, limit) => {
      expect(Math.min(mistakes(one, other, limit), limit + 1)).toBe(Math.min(plain(one, other), limit + 1));
    }),
    { numRuns: 2000 },
  );
});

test('words that are too long are far from everything', () => {
  expect(mistakes('a'.repeat(64), 'a'.repeat(64), 3)).toBe(4);
});
