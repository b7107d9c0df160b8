import { describe, expect, test } from 'vitest';
import type { Document } from '../../../../src/document/document.ts';
import { renderTerminal } from '../../../../src/document/terminal.ts';
import { renderHome } from '../../../../src/inputs/slack/render/home.ts';
import { renderSlack } from '../../../../src/inputs/slack/render/render.ts';
import type { Rendered } from '../../../../src/inputs/slack/rendered.ts';
import { problemsOf, problemsOfHome } from './accepted.ts';
import { readBlocks } from './reading.ts';

const text = (value: string): Document => ({ kind: 'text', text: value });
const code = (value: string): Document => ({ kind: 'code', text: value });
const lines = (count: number, of = 'some words and a number'): string =>
  Array.from({ length: count }, (_, index) => `${index} ${of}`).join('\n');

const readEach = (messages: readonly Rendered[]): readonly string[] => messages.map(({ blocks }) => readBlocks(blocks));
const problemsIn = (messages: readonly Rendered[]): readonly string[] =>
  messages.flatMap((message) => problemsOf(message));

/** All messages, where there may be as many as it takes. */
function renderAll(document: Document): readonly Rendered[] {
  const { messages, file } = renderSlack(document, { maxMessages: 10_000 });
  expect(file).toBeUndefined();
  expect(problemsIn(messages)).toEqual([]);
  return messages;
}

const containers = (message: Rendered | undefined): readonly unknown[] =>
  (message?.blocks ?? []).flatMap(({ elements }) => elements as readonly { type: string }[]).map(({ type }) => type);

describe('a long document in Slack', () => {
  test.each(['text', 'code', 'json'] as const)('goes on in the next message: %s, at the end of a line', (kind) => {
    const value = lines(1_000);
    const messages = renderAll({ kind, text: value });
    expect(messages.length).toBe(4);
    expect(readEach(messages).join('\n')).toBe(value);
    for (const message of messages)
      expect(containers(message)).toEqual([kind === 'text' ? 'rich_text_section' : 'rich_text_preformatted']);
  });

  test('begins a box again in each message and keeps what follows in its order', () => {
    const document: Document = { kind: 'group', parts: [text('before'), code(lines(500)), text('after')] };
    const messages = renderAll(document);
    expect(containers(messages[0])).toEqual(['rich_text_section', 'rich_text_preformatted']);
    expect(containers(messages[1])).toEqual(['rich_text_preformatted', 'rich_text_section']);
    expect(readEach(messages).join('\n')).toBe(`before\n${lines(500)}\nafter`);
  });

  test('cuts a line only where it is longer than a message, and no character in two', () => {
    for (const character of ['x', '👩‍👩‍👧‍👦', '🇩🇪', 'e\u0301', '한', '"']) {
      const value = character.repeat(12_000);
      const read = readEach(renderAll(text(value)));
      expect(read.length).toBeGreaterThan(1);
      expect(read.join('')).toBe(value);
      for (const part of read) expect(part.length % character.length).toBe(0);
    }
  });

  test('does not cut a line that fits into the next message', () => {
    const read = readEach(renderAll(text(`${'a'.repeat(5_000)}\n${'b'.repeat(8_000)}\n${'c'.repeat(1_000)}`)));
    expect(read).toEqual(['a'.repeat(5_000), `${'b'.repeat(8_000)}\n${'c'.repeat(1_000)}`]);
  });

  test('begins a long line in the next message rather than cut it', () => {
    const parts = [code('a'.repeat(5_000)), code('b'.repeat(8_000))];
    expect(readEach(renderAll({ kind: 'group', parts }))).toEqual(['a'.repeat(5_000), 'b'.repeat(8_000)]);
  });

  test('is cut within a character only where that is longer than everything', () => {
    for (const accent of ['\u0301', '\u{e0101}']) {
      for (const first of ['a', 'bb', 'ccc']) {
        const value = `${first}${accent.repeat(30_000)}`;
        expect(readEach(renderAll(text(value))).join('')).toBe(value);
      }
    }
  });

  test.each([
    9_000, 9_270, 9_280, 9_289, 9_290, 9_291, 9_300, 9_340, 9_350, 9_360, 9_500,
  ])('of %d characters and a line more', (count) => {
    for (const value of [`${'x'.repeat(count)}\nlast`, `${'x'.repeat(count)}👍🏽`, `${'x\n'.repeat(count / 2)}y`])
      expect(
        readEach(renderAll(code(value)))
          .join('\n')
          .replaceAll('\n', ''),
      ).toBe(value.replaceAll('\n', ''));
  });

  test('a long list is lines, a short one goes on as a list', () => {
    const items = Array.from({ length: 400 }, (_, index) => `go.micro.srv.service-${index}`);
    const long = renderAll({ kind: 'list', items });
    expect(readEach(long).join('\n')).toBe(items.map((item) => `• ${item}`).join('\n'));
    expect(long.length).toBe(2);
    const wordy = items.slice(0, 60).map((item) => `${item} ${'x'.repeat(300)}`);
    const short = renderAll({ kind: 'list', items: wordy });
    expect(readEach(short).join('\n')).toBe(wordy.join('\n'));
    for (const message of short) expect(containers(message)).toEqual(['rich_text_list']);
  });

  test('a field is in one message with its name', () => {
    const fields = Array.from({ length: 300 }, (_, index) => ({ name: `name ${index}`, value: `${index}`.repeat(20) }));
    const read = readEach(renderAll({ kind: 'fields', fields }));
    expect(read.join('\n')).toBe(renderTerminal({ kind: 'fields', fields }));
    expect(read.length).toBeGreaterThan(1);
    for (const part of read) expect(part).toMatch(/^name \d+: \d+\n[^]*: \d+$/);
  });

  test('many parts take no more blocks than Slack has', () => {
    const parts = Array.from({ length: 500 }, (_, index): Document => ({ kind: 'list', items: [`${index}`] }));
    const messages = renderAll({ kind: 'group', parts });
    expect(messages.flatMap(({ blocks }) => blocks).length).toBe(500);
    expect(readEach(messages).join('\n')).toBe(Array.from({ length: 500 }, (_, index) => `${index}`).join('\n'));
  });

  test('a table comes with what stands before it, or in the next message', () => {
    const rows = Array.from({ length: 99 }, (_, index) => [`node-${index}`, 'x'.repeat(60)]);
    const table: Document = { kind: 'table', columns: [{ title: 'id' }, { title: 'value' }], rows };
    const types = (before: Document): unknown =>
      renderAll({ kind: 'group', parts: [before, table] }).map(({ blocks }) => blocks.map(({ type }) => type));
    expect(types(text('service x'))).toEqual([['rich_text', 'table']]);
    expect(types(text(lines(150)))).toEqual([['rich_text'], ['table']]);
  });

  test('a table that is too large is columns', () => {
    const rows = Array.from({ length: 400 }, (_, index) => [`node-${index}`, `10.0.0.${index}`]);
    const messages = renderAll({ kind: 'table', columns: [{ title: 'id' }, { title: 'address' }], rows });
    expect(readEach(messages).join('\n').split('\n')).toEqual([
      'id        address',
      ...rows.map(([id = '', address]) => `${id.padEnd(8)}  ${address}`),
    ]);
  });
});

describe('what is on its own in a message', () => {
  test('a table with more characters than Slack takes is columns, and so is one with a long cell', () => {
    for (const [rows, length] of [
      [99, 120],
      [1, 3_500],
    ] as const) {
      const cells = Array.from({ length: rows }, () => ['x'.repeat(length)]);
      const messages = renderAll({ kind: 'table', columns: [{ title: 'id' }], rows: cells });
      for (const { blocks } of messages) expect(blocks.map(({ type }) => type)).toEqual(['rich_text']);
    }
  });

  test('long lines of buttons are in several rows and messages', () => {
    const actions = Array.from({ length: 20 }, (_, index) => ({ label: `${index}`, line: '"'.repeat(1_990) + index }));
    const messages = renderAll({ kind: 'actions', actions });
    expect(messages.length).toBeGreaterThan(1);
    const values = messages.flatMap(({ blocks }) =>
      blocks.flatMap(({ elements }) => (elements as readonly { value: string }[]).map(({ value }) => value)),
    );
    expect(values).toEqual(actions.map(({ line }) => line));
  });
});

describe('a document that is too long for messages', () => {
  test('is a file, and the messages show its beginning', () => {
    const value = lines(3_000);
    const { messages, file } = renderSlack(text(value));
    expect(file).toEqual({ name: 'answer.txt', title: 'The whole answer', content: value });
    expect(messages.length).toBe(3);
    expect(problemsIn(messages)).toEqual([]);
    expect(value.startsWith(readEach(messages).join('\n').trimEnd())).toBe(true);
    expect(messages[2]?.blocks.at(-1)).toEqual({
      type: 'context',
      elements: [{ type: 'plain_text', text: 'This is only the beginning: all of it is in the file.', emoji: false }],
    });
    expect(JSON.stringify(messages.slice(0, 2))).not.toContain('in the file');
  });

  test('is a file of JSON where it is JSON', () => {
    const value = JSON.stringify(
      Array.from({ length: 9_000 }, (_, index) => index),
      undefined,
      '\t',
    );
    const { file } = renderSlack({ kind: 'json', text: value });
    expect(file?.name).toBe('answer.json');
    expect(file?.content).toBe(value);
    expect(renderSlack({ kind: 'group', parts: [{ kind: 'json', text: value }, text('x')] }).file?.name).toBe(
      'answer.txt',
    );
  });

  test('has everything in the file, as a terminal shows it', () => {
    const parts: Document[] = [
      text('a\u001b[2J\r\nb'),
      { kind: 'actions', actions: [{ label: 'x', line: 'y' }] },
      { kind: 'group', gap: 0, parts: [text(''), { kind: 'group', parts: [] }, code(lines(2_000)), text('')] },
      {
        kind: 'group',
        gap: 3,
        parts: [{ kind: 'actions', actions: [] }, text('c'), { kind: 'list', items: ['d', 'e'] }],
      },
      { kind: 'link', label: 'x', url: 'y' },
    ];
    const document: Document = { kind: 'group', parts };
    expect(renderSlack(document).file?.content).toBe(renderTerminal(document));
  });

  test('as a progress is one message that does not speak of a file', () => {
    const { messages } = renderSlack(text(lines(3_000)), { stop: { actionId: 'micro:stop', value: 'k' } });
    expect(messages.length).toBe(1);
    expect(problemsIn(messages)).toEqual([]);
    expect(messages[0].blocks.map(({ type }) => type)).toEqual(['rich_text', 'context', 'actions']);
    expect(JSON.stringify(messages)).not.toContain('file');
  });
});

describe('hostile sizes', () => {
  const million = 1_000_000;
  const hostile: Readonly<Record<string, Document>> = {
    'a million lines': text(`x${'\n'.repeat(million)}y`),
    'a million columns': code('x'.repeat(million)),
    'a million accents': text(`a${'\u0301'.repeat(million)}`),
    'control codes': text('\u001b'.repeat(million)),
    'halves of characters': text('\ud800'.repeat(million)),
    'white space': text(`${' '.repeat(million)}x${'\t'.repeat(million)}`),
    backticks: code('`'.repeat(million)),
    'a long name': { kind: 'fields', fields: [{ name: '<'.repeat(million), value: 'x' }] },
    'many items': { kind: 'list', items: Array.from({ length: million / 10 }, () => '<!here>') },
    'many rows': {
      kind: 'table',
      columns: [{ title: 'a' }, { title: 'b' }],
      rows: Array.from({ length: million / 10 }, () => ['x', 'y']),
    },
    'a wide table': {
      kind: 'table',
      columns: Array.from({ length: 5_000 }, () => ({ title: 'c' })),
      rows: [['x'.repeat(million)]],
    },
    'a long address': { kind: 'link', url: `https://${'a'.repeat(million)}`, label: '.'.repeat(million) },
    'many parts': { kind: 'group', parts: Array.from({ length: million / 10 }, () => text('x')) },
    'many buttons': {
      kind: 'actions',
      actions: Array.from({ length: 10_000 }, () => ({ label: 'x', line: 'y'.repeat(2_000) })),
    },
  };

  test.each(Object.entries(hostile))('%s', (_, document) => {
    const { messages } = renderSlack(document);
    expect(messages.length).toBeLessThanOrEqual(3);
    expect(problemsIn(messages)).toEqual([]);
    expect(problemsOfHome(renderHome(document).blocks)).toEqual([]);
  });

  test('a document deeper than the stack', () => {
    let deep = text(lines(3_000));
    for (let depth = 0; depth < 100_000; depth += 1) deep = { kind: 'group', parts: [deep] };
    const { messages, file } = renderSlack(deep);
    expect(problemsIn(messages)).toEqual([]);
    expect(file?.content).toBe(lines(3_000));
  });
});
