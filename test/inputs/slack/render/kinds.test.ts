import { describe, expect, test } from 'vitest';
import type { Document } from '../../../../src/document/document.ts';
import { type RenderOptions, renderSlack } from '../../../../src/inputs/slack/render/render.ts';
import type { Rendered } from '../../../../src/inputs/slack/rendered.ts';
import { problemsOf } from './accepted.ts';

/** The only message of a document that fits into one. */
function render(document: Document, options?: RenderOptions): Rendered {
  const { messages, file } = renderSlack(document, options);
  expect(messages.length).toBe(1);
  expect(file).toBeUndefined();
  expect(problemsOf(messages[0], options)).toEqual([]);
  return messages[0];
}

const text = (value: string): Document => ({ kind: 'text', text: value });
const section = (...elements: readonly object[]): object => ({ type: 'rich_text_section', elements });
const box = (value: string): object => ({
  type: 'rich_text_preformatted',
  elements: [{ type: 'text', text: value }],
});
const rich = (...elements: readonly object[]): object => ({ type: 'rich_text', elements });
const plain = (value: string): object => ({ type: 'text', text: value });
const bold = (value: string): object => ({ type: 'text', text: value, style: { bold: true } });
const group = (...parts: readonly Document[]): Document => ({ kind: 'group', parts });

describe('a document in Slack', () => {
  test('text is text, with its line breaks', () => {
    expect(render(text('two\nlines\tand <!here> & *more*'))).toEqual({
      text: 'two\nlines\tand &lt;!here&gt; &amp; *more*',
      blocks: [rich(section(plain('two\nlines\tand <!here> & *more*')))],
    });
  });

  test('code and json are boxes', () => {
    expect(render({ kind: 'code', text: '  ```x', language: 'sh' })).toEqual({
      text: "'''x",
      blocks: [rich(box('  ```x'))],
    });
    expect(render({ kind: 'json', text: '{\n\t"a": 1.50\n}' })).toEqual({
      text: '{\n\t"a": 1.50\n}',
      blocks: [rich(box('{\n\t"a": 1.50\n}'))],
    });
  });

  test('a list has points', () => {
    expect(render({ kind: 'list', items: ['  b', 'a\nc'] })).toEqual({
      text: 'b\na c',
      blocks: [
        rich({ type: 'rich_text_list', style: 'bullet', elements: [section(plain('b')), section(plain('a c'))] }),
      ],
    });
  });

  test('fields have bold names', () => {
    const fields = [
      { name: 'Endpoint', value: 'Say.Hello' },
      { name: 'Metadata', value: 'x\ny' },
    ];
    expect(render({ kind: 'fields', fields })).toEqual({
      text: 'Endpoint: Say.Hello\nMetadata: x y',
      blocks: [rich(section(bold('Endpoint: '), plain('Say.Hello'), bold('\nMetadata: '), plain('x y')))],
    });
  });

  test('a table is one, with nothing missing', () => {
    const columns = [{ title: 'node', tabs: 2 }, { title: '' }];
    const error = 'connection refused by 10.0.0.1:8080, tried three times within the time';
    expect(render({ kind: 'table', columns, rows: [['a', ''], ['<@U1>'], ['b', error]] })).toEqual({
      text: `node   \na      \n&lt;@U1&gt;  \nb      ${error}`,
      blocks: [
        {
          type: 'table',
          column_settings: [
            { align: 'left', is_wrapped: false },
            { align: 'left', is_wrapped: true },
          ],
          rows: [
            [
              { type: 'raw_text', text: 'node' },
              { type: 'raw_text', text: ' ' },
            ],
            [
              { type: 'raw_text', text: 'a' },
              { type: 'raw_text', text: ' ' },
            ],
            [
              { type: 'raw_text', text: '<@U1>' },
              { type: 'raw_text', text: ' ' },
            ],
            [
              { type: 'raw_text', text: 'b' },
              { type: 'raw_text', text: error },
            ],
          ],
        },
      ],
    });
  });

  test('a table with something below it is columns in a box, for Slack would show it last', () => {
    const table: Document = { kind: 'table', columns: [{ title: 'node' }, { title: 'up' }], rows: [['a', '1s']] };
    expect(render(group(table, text('done'))).blocks).toEqual([
      rich(box('node  up\na     1s')),
      rich(section(plain('done'))),
    ]);
    expect(render(group(table, table)).blocks).toEqual([
      rich(box('node  up\na     1s')),
      rich(box('node  up\na     1s')),
    ]);
    const run: Document = { kind: 'actions', actions: [{ label: 'Again', line: 'health' }] };
    expect(render(group(text('x'), table, text('\n'), run)).blocks.map(({ type }) => type)).toEqual([
      'rich_text',
      'table',
      'actions',
    ]);
  });

  test.each([
    ['101 rows', 1, 100],
    ['21 columns', 21, 1],
  ])('a table of %s is columns in a box', (_, columns, rows) => {
    const { blocks } = render({
      kind: 'table',
      columns: Array.from({ length: columns }, () => ({ title: 'c' })),
      rows: Array.from({ length: rows }, () => Array.from({ length: columns }, () => 'x')),
    });
    expect(blocks.map(({ type }) => type)).toEqual(['rich_text']);
  });

  test('a wide cell does not push the columns of the others away', () => {
    const wide = 'w'.repeat(60);
    const rows = [
      [wide, '1'],
      ['a', '2'],
    ];
    const { blocks } = render(group({ kind: 'table', columns: [{ title: 'id' }, { title: 'n' }], rows }, text('x')));
    expect(blocks[0]).toEqual(rich(box(`id  n\n${wide}  1\na   2`)));
  });

  test('actions are buttons', () => {
    const actions = [
      { label: 'a\nlabel', line: 'call greeter Say.Hello {"name":\n"<!here>"}' },
      { label: '  ', line: 'list services' },
      { label: 'x'.repeat(80), line: 'get x' },
      { label: 'cannot be held', line: 'x'.repeat(2_001) },
      { label: 'nothing to run', line: ' ' },
    ];
    const button = (index: number, label: string, value: string): object => ({
      type: 'button',
      action_id: `micro:run:${index}`,
      text: { type: 'plain_text', text: label, emoji: false },
      value,
    });
    expect(render({ kind: 'group', parts: [text('next?'), { kind: 'actions', actions }] })).toEqual({
      text: `next?\na label, list services, ${'x'.repeat(74)}…`,
      blocks: [
        rich(section(plain('next?'))),
        {
          type: 'actions',
          elements: [
            button(0, 'a label', 'call greeter Say.Hello {"name":\n"<!here>"}'),
            button(1, 'list services', 'list services'),
            button(2, `${'x'.repeat(74)}…`, 'get x'),
          ],
        },
      ],
    });
  });

  test('many buttons are several rows with a number each', () => {
    const actions = Array.from({ length: 30 }, (_, index) => ({ label: `${index}`, line: `run ${index}` }));
    const { blocks } = render(
      group({ kind: 'actions', actions }, { kind: 'actions', actions: [{ label: 'z', line: 'z' }] }),
    );
    const rows = blocks.filter(({ type }) => type === 'actions').map(({ elements }) => elements as readonly object[]);
    expect(rows.map(({ length }) => length)).toEqual([25, 5, 1]);
    expect(new Set(rows.flat().map((button) => (button as { action_id: string }).action_id)).size).toBe(31);
  });

  test('texts of a group are one text, others stand apart', () => {
    const parts: Document[] = [
      text('a'),
      text('b'),
      { kind: 'code', text: 'c' },
      text('d'),
      { kind: 'list', items: ['e'] },
    ];
    const list = { type: 'rich_text_list', style: 'bullet', elements: [section(plain('e'))] };
    expect(render({ kind: 'group', parts }).blocks).toEqual([
      rich(section(plain('a\n\nb')), box('c'), section(plain('d'))),
      rich(list),
    ]);
    expect(render({ kind: 'group', parts: [text('\n'), ...parts, text('')], gap: 0 }).blocks).toEqual([
      rich(section(plain('a\nb')), box('c'), section(plain('d')), list),
    ]);
  });

  test('nothing says so', () => {
    const nothing = { text: '(no output)', blocks: [rich(section(plain('(no output)')))] };
    for (const empty of ['', ' \n\t', '\u200b\u2060', '\r\n']) expect(render(text(empty))).toEqual(nothing);
    expect(render({ kind: 'group', parts: [] })).toEqual(nothing);
    expect(render({ kind: 'list', items: ['', ''] })).toEqual(nothing);
    expect(render({ kind: 'table', columns: [], rows: [] })).toEqual(nothing);
    expect(render({ kind: 'fields', fields: [] })).toEqual(nothing);
  });

  test('the mention is where the answer begins', () => {
    const user = { type: 'user', user_id: 'U7' };
    expect(render(text('pong <@U8>'), { mention: 'U7' })).toEqual({
      text: '<@U7> pong &lt;@U8&gt;',
      blocks: [rich(section(user, plain(' pong <@U8>')))],
    });
    expect(render({ kind: 'code', text: 'x' }, { mention: 'W7' }).blocks).toEqual([
      rich(section({ type: 'user', user_id: 'W7' }, plain(' ')), box('x')),
    ]);
    expect(render(text(''), { mention: 'U7' }).text).toBe('<@U7> (no output)');
    expect(render(text('x'), { mention: '!channel' })).toEqual(render(text('x')));
  });

  test('a progress can be stopped', () => {
    const { blocks } = render(text('50%'), { stop: { actionId: 'micro:stop', value: 'event:1' } });
    expect(blocks).toEqual([
      rich(section(plain('50%'))),
      {
        type: 'actions',
        elements: [
          {
            type: 'button',
            action_id: 'micro:stop',
            text: { type: 'plain_text', text: 'Stop', emoji: false },
            value: 'event:1',
            style: 'danger',
          },
        ],
      },
    ]);
  });
});
