import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CommandError } from '../../../src/commands/command.ts';
import type { Document } from '../../../src/document/document.ts';
import { renderTerminal } from '../../../src/document/terminal.ts';
import { through } from './through.ts';

const words = fc.string({
  unit: fc.constantFrom('a', 'B', 'ß', 'İ', '1', ' ', '\n', '"', '\\', '[', '{', '.', '😀'),
  maxLength: 8,
});
const table = fc.nat({ max: 3 }).chain((width) =>
  fc.record({
    kind: fc.constant<'table'>('table'),
    columns: fc.array(fc.record({ title: words }), { minLength: width, maxLength: width }),
    rows: fc.array(fc.array(words, { minLength: width, maxLength: width }), { maxLength: 5 }),
  }),
);
const leaf: fc.Arbitrary<Document> = fc.oneof(
  fc.record({ kind: fc.constant<'text'>('text'), text: words, isNote: fc.boolean() }),
  fc.record({ kind: fc.constant<'code'>('code'), text: words }),
  fc.record({ kind: fc.constant<'json'>('json'), text: fc.oneof(words, fc.json({ maxDepth: 3 })) }),
  fc.record({ kind: fc.constant<'list'>('list'), items: fc.array(words, { maxLength: 6 }) }),
  fc.record({ kind: fc.constant<'fields'>('fields'), fields: fc.array(fc.record({ name: words, value: words })) }),
  fc.record({ kind: fc.constant<'link'>('link'), url: words, label: words }),
  fc.record({ kind: fc.constant<'actions'>('actions'), actions: fc.array(fc.record({ label: words, line: words })) }),
  table,
);
const document: fc.Arbitrary<Document> = fc.letrec<{ document: Document }>((tie) => ({
  document: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.record({ kind: fc.constant<'group'>('group'), parts: fc.array(tie('document'), { maxLength: 4 }) }),
  ),
})).document;

const count = (of: Document | undefined): number => {
  if (of === undefined) return 0;
  const counted = through(of, 'count');
  return Number.parseInt(counted === undefined ? 'NaN' : renderTerminal(counted), 10);
};
/** A list or a table as its rows. */
const rowsOf = (of: Document | undefined): readonly string[] => {
  if (of?.kind === 'list') return of.items;
  return of?.kind === 'table' ? of.rows.map((cells) => cells.join(' ')) : [];
};
const rows = fc.oneof(table, fc.record({ kind: fc.constant<'list'>('list'), items: fc.array(words) }));

describe('for any document', () => {
  test('a filter answers with a document or with a sentence', () => {
    const line = fc.oneof(
      words.map((word) => `grep -- '${word.replaceAll(/['\n]/g, '')}'`),
      fc.nat({ max: 4 }).map((number) => `head ${number}`),
      fc.nat({ max: 4 }).map((number) => `tail ${number}`),
      fc.constantFrom(
        'sort',
        'sort -rn',
        'sort 1',
        'sort a',
        'count',
        'json .',
        'json [].a',
        'json .a[0]',
        'grep -v a',
      ),
    );
    fc.assert(
      fc.property(document, line, (of, stage) => {
        try {
          const left = through(of, stage);
          if (left !== undefined) expect(typeof renderTerminal(left)).toBe('string');
        } catch (error) {
          expect(error).toBeInstanceOf(CommandError);
          expect(stage).toMatch(/^(?:json|sort \w)/);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  test('grep shows what holds the text, -v all else, and together they are everything', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom('a', 'B', 'ß', '1', '.'), (of, pattern) => {
        const holds = (row: string): boolean =>
          pattern === 'B' ? row.includes('B') : row.toLowerCase().includes(pattern);
        expect(rowsOf(through(of, `grep ${pattern}`))).toEqual(rowsOf(of).filter(holds));
        expect(rowsOf(through(of, `grep -v ${pattern}`))).toEqual(rowsOf(of).filter((row) => !holds(row)));
      }),
      { numRuns: 2_000 },
    );
  });

  test('head and tail leave as many rows as were asked for, from their end', () => {
    fc.assert(
      fc.property(rows, fc.nat({ max: 8 }), (of, number) => {
        expect(rowsOf(through(of, `head ${number}`))).toEqual(rowsOf(of).slice(0, number));
        expect(rowsOf(through(of, `tail ${number}`))).toEqual(number === 0 ? [] : rowsOf(of).slice(-number));
      }),
      { numRuns: 1_000 },
    );
    fc.assert(
      fc.property(document, fc.integer({ min: 1, max: 8 }), (of, number) => {
        expect(count(through(of, `tail ${number}`))).toBeLessThanOrEqual(number);
        expect(count(through(of, `head ${number}`))).toBeLessThanOrEqual(number);
      }),
      { numRuns: 2_000 },
    );
  });

  test('sort leaves the same rows, and -r turns them around', () => {
    fc.assert(
      fc.property(rows, (of) => {
        const sorted = rowsOf(through(of, 'sort'));
        expect(sorted.toSorted()).toEqual(rowsOf(of).toSorted());
        expect(rowsOf(through(of, 'sort -r'))).toEqual(sorted.toReversed());
      }),
      { numRuns: 1_000 },
    );
  });
});
