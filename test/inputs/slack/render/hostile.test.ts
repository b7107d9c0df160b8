import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Document } from '../../../../src/document/document.ts';
import { renderTerminal } from '../../../../src/document/terminal.ts';
import { renderHome } from '../../../../src/inputs/slack/render/home.ts';
import { type RenderOptions, renderSlack } from '../../../../src/inputs/slack/render/render.ts';
import { problemsOf, problemsOfHome } from './accepted.ts';
import { type Hostile, hostileDocuments, hostileFragments } from './hostile-corpus.ts';
import { dense, readMessages } from './reading.ts';

const half = /\p{Surrogate}/gu;
const codes = (text: string): string => text.replace(half, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
const isVisible = (text: string): boolean => /[^\s\p{Z}\p{Cf}]/u.test(text);

/** Everything that a terminal shows is there for a person in Slack, in order. */
function expectNothingLost(document: Document, maxMessages: number): void {
  const { messages, file } = renderSlack(document, { mention: 'U7', maxMessages });
  const all = codes(renderTerminal(document));
  if (file !== undefined) {
    expect(file.content).toBe(all);
    return;
  }
  const read = dense(readMessages(messages));
  let at = 0;
  for (const line of all.split('\n').filter(isVisible).map(dense)) {
    const found = read.indexOf(line, at);
    if (found < at) throw new Error(`lost: ${line.slice(0, 200)} in ${read.slice(at, at + 200)}`);
    at = found + line.length;
  }
}

const everyOption: readonly RenderOptions[] = [{ mention: 'U7' }, { stop: { actionId: 'micro:stop', value: 'k' } }];

function expectInert(document: Document): void {
  const urls = linksIn(document);
  const problems = everyOption.flatMap((options) =>
    renderSlack(document, options).messages.flatMap((message) => problemsOf(message, { ...options, urls })),
  );
  expect([...problems, ...problemsOfHome(renderHome(document).blocks, { urls })]).toEqual([]);
}

/** Only a link document makes a link, and only to where it says. */
function linksIn(document: Document): readonly string[] {
  if (document.kind === 'group') return document.parts.flatMap(linksIn);
  return document.kind === 'link' ? [document.url] : [];
}

describe('what a hostile service says', () => {
  test('is a corpus of its size', () => {
    const documents = Object.values(hostileDocuments).flat();
    expect(new Set(documents.map(({ document }) => JSON.stringify(document))).size).toBeGreaterThanOrEqual(1_000);
  });

  test.each(Object.entries(hostileDocuments))('is inert in every place: %s', (_, documents) => {
    each(documents, expectInert);
  });

  test.each(Object.entries(hostileDocuments))('is there to read, all of it and in order: %s', (_, documents) => {
    each(documents, (document) => {
      for (const maxMessages of [3, 1, 1_000]) expectNothingLost(document, maxMessages);
    });
  });
});

function each(documents: readonly Hostile[], check: (document: Document) => void): void {
  for (const { name, document } of documents) {
    try {
      check(document);
    } catch (cause) {
      throw new Error(name, { cause });
    }
  }
}

/** All of Unicode, halves of characters too, and what means something to Slack. */
const anyText = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) },
      { weight: 1, arbitrary: fc.integer({ min: 0x10000, max: 0x10ffff }).map((point) => String.fromCodePoint(point)) },
      { weight: 3, arbitrary: fc.constantFrom(...hostileFragments, '\n', '\t', ' ', '<', '>', '&', '|', '"', '\\') },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 12_000 }).map((count) => 'x'.repeat(count)) },
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

const row = fc.array(anyText, { minLength: 2, maxLength: 2 });

const { document: anyDocument } = fc.letrec<{ document: Document }>((tie) => ({
  document: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.record({ kind: fc.constant('text' as const), text: anyText }),
    fc.record({ kind: fc.constant('code' as const), text: anyText }),
    fc.record({
      kind: fc.constant('json' as const),
      text: anyText.map((text) => JSON.stringify({ [text]: text }, null, 1)),
    }),
    fc.record({ kind: fc.constant('list' as const), items: fc.array(anyText, { maxLength: 5 }) }),
    fc.record({
      kind: fc.constant('fields' as const),
      fields: fc.array(fc.record({ name: anyText, value: anyText }), { maxLength: 4 }),
    }),
    fc.record({
      kind: fc.constant('table' as const),
      columns: fc.constant([{ title: 'one' }, { title: '<!here>' }]),
      rows: fc.array(row, { maxLength: 4 }),
    }),
    fc.record({
      kind: fc.constant('link' as const),
      url: fc.oneof(
        anyText,
        anyText.map((text) => `https://x.example/${text}`),
      ),
      label: anyText,
    }),
    fc.record({
      kind: fc.constant('actions' as const),
      actions: fc.array(fc.record({ label: anyText, line: anyText }), { maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('group' as const),
      parts: fc.array(tie('document'), { maxLength: 4 }),
      gap: fc.integer({ min: 0, max: 3 }),
    }),
  ),
}));

describe('any text there is', () => {
  test('is inert', () => {
    fc.assert(fc.property(anyDocument, expectInert), { numRuns: 400 });
  });

  test('is there to read', () => {
    fc.assert(
      fc.property(anyDocument, fc.constantFrom(1, 3, 1_000), (document, maxMessages) => {
        expectNothingLost(document, maxMessages);
      }),
      { numRuns: 400 },
    );
  });
});
