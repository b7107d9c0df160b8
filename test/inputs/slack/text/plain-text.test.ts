import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { typedLine } from '../../../../src/bot/line.ts';
import { plainText } from '../../../../src/inputs/slack/text/plain-text.ts';
import { calls, codes, entities, links, words } from './corpus.ts';

describe.each([
  ['entities', entities],
  ['links', links],
  ['calls', calls],
  ['code', codes],
  ['words and spaces', words],
] as const)('%s', (_, cases) => {
  test.each(cases)('%s', (_why, sent, meant) => {
    expect(plainText(sent)).toBe(meant);
  });
});

/** As Slack's clients do before they send. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Everything that somebody can type, much of it out of what the format is made of. */
const typing = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('&', '<', '>', '|', '@', '#', '!', 'amp;', 'lt;', ' ', '\n', '"'),
    ),
  )
  .map((parts) => parts.join(''));

test('what is typed without marks around code comes out as it was, of all Unicode', () => {
  const known = typing.map((text) => text.replaceAll(/[`\r\u2028\u2029\u00a0\u2007\u202f]/g, ''));
  fc.assert(
    fc.property(known, (text) => {
      expect(plainText(escaped(text))).toBe(text);
    }),
    { numRuns: 500 },
  );
});

test('what is typed between marks comes out as it was, fixed spaces and all', () => {
  const known = typing.map((text) => `x${text.replaceAll(/[`\n]/g, '')}x`);
  fc.assert(
    fc.property(known, (text) => {
      expect(typedLine(plainText(`a \`${escaped(text)}\` b`)).words).toEqual(['a', text, 'b']);
      expect(typedLine(plainText(`a \`\`\`${escaped(text)}\`\`\` b`)).words).toEqual(['a', text, 'b']);
    }),
    { numRuns: 300 },
  );
});

test('links and calls among what is typed do not disturb it', () => {
  const known = typing.map((text) => text.replaceAll(/[`\r\u2028\u2029\u00a0\u2007\u202f]/g, '').replace(/^>/, ''));
  fc.assert(
    fc.property(known, known, (before, after) => {
      const sent = `${escaped(before)}<http://x.example|x.example>${escaped(after)}<@U1>`;
      expect(plainText(sent)).toBe(`${before}x.example${after}@U1`);
    }),
    { numRuns: 300 },
  );
});

// A pattern that takes quadratic time needs minutes for these, and the test ends in failure.
test.each([
  ['<', 1],
  ['<a', 1],
  ['<a|', 1],
  ['<#a|', 1],
  ['<!date^', 1],
  ['`', 1],
  ['` ', 1],
  [' `a', 1],
  ['``` ', 1],
  ['```json\n', 1],
  ['&', 1],
  ['&gt;\n', 1],
  [' ', 1],
  ['\n', 1],
  ['<http://x|x>', 8],
  ['<http://a.example|a.example>', 20],
  ['*a* _b_ ~c~ ', 8],
])('does not hang on a long text of %j', (part, size) => {
  const text = part.repeat(400_000 / (size * part.length));
  expect(typeof plainText(text)).toBe('string');
  expect(typeof plainText(`x${text}x`)).toBe('string');
});
