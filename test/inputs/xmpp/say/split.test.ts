import { createElement as xml } from '@xmpp/xml';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Document, text } from '../../../../src/document/document.ts';
import { harmless } from '../../../../src/document/harmless.ts';
import type { Content } from '../../../../src/inputs/xmpp/say/stanza.ts';
import { write } from '../../../../src/inputs/xmpp/say/write.ts';

interface Limits {
  readonly characters: number;
  readonly bytes: number;
}

const split = (document: Document, room: Limits, before = ''): readonly Content[] =>
  write(document, { room, before, hasFences: true, most: 10_000 });

/** As the stream carries it. */
const bytesOf = (body: string): number => Buffer.byteLength(xml('body', {}, body).toString()) - '<body></body>'.length;

const anything = fc.string({ unit: 'binary', maxLength: 3_000 });
const people = fc.array(fc.constantFrom('👨‍👩‍👧‍👦', 'é', '🇩🇪', 'x', ' ', '\n', '&', '<', '```', '`', '*', '日本'), {
  maxLength: 900,
});
const words = fc.oneof(
  anything,
  people.map((parts) => parts.join('')),
);
const document: fc.Arbitrary<Document> = fc.oneof(
  words.map(text),
  words.map((value) => ({ kind: 'code' as const, text: value })),
  fc.tuple(words, words).map(([one, other]) => ({
    kind: 'group' as const,
    parts: [text(one), { kind: 'code' as const, text: other }, text(one)],
  })),
);
const limits = fc.record({
  characters: fc.integer({ min: 60, max: 500 }),
  bytes: fc.integer({ min: 120, max: 1_200 }),
});

describe('any text', () => {
  test('fits into its messages, which XML can carry', () => {
    fc.assert(
      fc.property(document, limits, fc.constantFrom('', 'alice: '), (shown, room, before) => {
        for (const { body } of split(shown, room, before)) {
          expect(body.length).toBeLessThanOrEqual(room.characters + 1);
          expect(bytesOf(body)).toBeLessThanOrEqual(room.bytes + 1);
          expect(body).not.toMatch(/[\p{Surrogate}\ufffe\uffff]|[^\P{Cc}\t\n]/u);
        }
      }),
    );
  });

  test('is all there, in order', () => {
    fc.assert(
      fc.property(words, limits, (value, room) => {
        const wanted = harmless(value).replace(/[\p{Surrogate}\ufffe\uffff]/gu, (char) => {
          return `\\u${char.charCodeAt(0).toString(16)}`;
        });
        const said = split(text(value), room, 'a: ').map(({ body }) => body.replace(/^(?:a: |… )/, ''));
        const dense = (all: string): string => all.replace(/\s+/g, '');
        if (dense(wanted) !== '' && !said.includes('(no output)')) expect(dense(said.join(''))).toBe(dense(wanted));
      }),
    );
  });

  test('has a fence only where that is ours, and each is closed where it was opened', () => {
    fc.assert(
      fc.property(document, limits, (shown, room) => {
        for (const { body, isStyled } of split(shown, room)) {
          if (!isStyled) continue;
          const marks = body.split('\n').filter((line) => line.startsWith('```'));
          expect(marks.length % 2).toBe(0);
          expect(new Set(marks).size).toBeLessThanOrEqual(1);
          // Nothing outside of them is a style.
          const outside = body.split(/^```$/m).filter((_, index) => index % 2 === 0);
          expect(outside.join('')).not.toMatch(/(?<![\p{L}\p{N}])[*_~`](?=\S)|^[ \t]*>/mu);
        }
      }),
    );
  });
});

test('a fence goes on in the next message', () => {
  const code = Array.from({ length: 40 }, (_, index) => `line ${index} of the code`).join('\n');
  const all = split({ kind: 'code', text: code }, { characters: 300, bytes: 4_000 }, 'alice: ');
  expect(all.length).toBeGreaterThan(2);
  expect(all[0]?.body).toMatch(/^alice: \n```\nline 0 /);
  for (const { body } of all.slice(1)) expect(body).toMatch(/^```\nline [^`]*\n```$/);
});

test('of what is too long there are only as many messages as wanted, at once', () => {
  for (const value of ['x'.repeat(20_000_000), 'x\n'.repeat(2_000_000), '> *'.repeat(2_000_000)]) {
    const shown: Document = { kind: 'code', text: value };
    const all = write(shown, { room: { characters: 4_000, bytes: 9_000 }, before: '', hasFences: true, most: 21 });
    expect(all).toHaveLength(21);
  }
});

test('a long line is cut between what a reader takes for characters', () => {
  const family = '👨‍👩‍👧‍👦';
  const all = split(text(family.repeat(100)), { characters: 64, bytes: 4_000 });
  for (const { body } of all) expect(body.replaceAll(family, '')).toBe('');
});
