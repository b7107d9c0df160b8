import { expect, test } from 'vitest';
import { checkBlocks } from '../../../support/slack/blocks.ts';
import type { Fields } from '../../../support/slack/fields.ts';
import { Refusal } from '../../../support/slack/refusal.ts';
import { viewOf } from '../../../support/slack/views.ts';

const plain = (length: number): Fields => ({ type: 'plain_text', text: 'é'.repeat(length) });
const button = (more: Fields = {}): Fields => ({ type: 'button', action_id: 'a', text: plain(1), ...more });
const actions = (...elements: readonly Fields[]): Fields => ({ type: 'actions', elements });
const buttons = (count: number): Fields =>
  actions(...Array.from({ length: count }, (_, index) => button({ action_id: `${index}` })));
const rich = (...elements: readonly Fields[]): Fields => ({ type: 'rich_text', elements });
const line = (...elements: readonly Fields[]): Fields => rich({ type: 'rich_text_section', elements });
const text = (value: string): Fields => ({ type: 'text', text: value });
const table = (rows: number, cells: number): Fields => ({
  type: 'table',
  rows: Array.from({ length: rows }, () => Array.from({ length: cells }, () => ({ type: 'raw_text', text: '1' }))),
});
const many = (count: number, block: Fields): readonly Fields[] => Array.from({ length: count }, () => block);
const divider = { type: 'divider' };

/** Slack's word for it; `ok` when it takes them. */
function verdict(check: () => void): string {
  try {
    check();
    return 'ok';
  } catch (error) {
    if (error instanceof Refusal) return error.error;
    throw error;
  }
}

const limits: readonly (readonly [
  what: string,
  within: readonly Fields[],
  beyond: readonly Fields[],
  error?: string,
])[] = [
  ['50 blocks', many(50, divider), many(51, divider)],
  ['150 characters in a header', [{ type: 'header', text: plain(150) }], [{ type: 'header', text: plain(151) }]],
  ['3,000 in a section', [{ type: 'section', text: plain(3_000) }], [{ type: 'section', text: plain(3_001) }]],
  ['2,000 in a field', [{ type: 'section', fields: [plain(2_000)] }], [{ type: 'section', fields: [plain(2_001)] }]],
  ['10 fields', [{ type: 'section', fields: many(10, plain(1)) }], [{ type: 'section', fields: many(11, plain(1)) }]],
  [
    '10 elements in a context',
    [{ type: 'context', elements: many(10, plain(1)) }],
    [{ type: 'context', elements: many(11, plain(1)) }],
  ],
  ['25 actions', [buttons(25)], [buttons(26)]],
  ['75 characters on a button', [actions(button({ text: plain(75) }))], [actions(button({ text: plain(76) }))]],
  [
    '2,000 in a value',
    [actions(button({ value: 'x'.repeat(2_000) }))],
    [actions(button({ value: 'x'.repeat(2_001) }))],
  ],
  [
    '255 in an action id',
    [actions(button({ action_id: 'x'.repeat(255) }))],
    [actions(button({ action_id: 'x'.repeat(256) }))],
  ],
  ['255 in a block id', [{ ...divider, block_id: 'x'.repeat(255) }], [{ ...divider, block_id: 'x'.repeat(256) }]],
  ['100 rows', [table(100, 2)], [table(101, 2)]],
  ['20 cells', [table(2, 20)], [table(2, 21)]],
  ['one table', [table(1, 1), divider], [table(1, 1), table(1, 1)], 'invalid_attachments'],
  [
    '12,000 in markdown',
    [{ type: 'markdown', text: 'x'.repeat(12_000) }],
    [{ type: 'markdown', text: 'x'.repeat(12_001) }],
  ],
  [
    'about 13,200 in all blocks',
    [line(text('x'.repeat(13_200)))],
    [line(text('x'.repeat(13_201)))],
    'msg_blocks_too_long',
  ],
  ['fields it knows', [line(text('x'))], [{ ...line(text('x')), colour: 'red' }]],
  ['blocks it knows', [divider], [{ type: 'poem' }]],
  ['something in a section', [{ type: 'section', text: plain(1) }], [{ type: 'section' }]],
  ['text that is not empty', [line(text('x'))], [line(text(''))]],
  ['cells that are not empty', [table(1, 1)], [{ type: 'table', rows: [[{ type: 'raw_text', text: '' }]] }]],
  ['plain text on a button', [buttons(1)], [actions(button({ text: { type: 'mrkdwn', text: 'x' } }))]],
  ['words it knows', [actions(button({ style: 'danger' }))], [actions(button({ style: 'angry' }))]],
  ['ids that differ', [buttons(2)], [actions(button(), button())]],
  [
    'block ids that differ',
    [
      { ...divider, block_id: 'a' },
      { ...divider, block_id: 'b' },
    ],
    [
      { ...divider, block_id: 'a' },
      { ...divider, block_id: 'a' },
    ],
  ],
  [
    'text and links in preformatted text',
    [rich({ type: 'rich_text_preformatted', elements: [text('x')] })],
    [rich({ type: 'rich_text_preformatted', elements: [{ type: 'user', user_id: 'U1' }] })],
  ],
  [
    'sections in a list',
    [
      rich({
        type: 'rich_text_list',
        style: 'bullet',
        elements: [{ type: 'rich_text_section', elements: [text('x')] }],
      }),
    ],
    [rich({ type: 'rich_text_list', style: 'bullet', elements: [text('x')] })],
  ],
  [
    'styles it knows',
    [line({ ...text('x'), style: { bold: true } })],
    [line({ ...text('x'), style: { blink: true } })],
  ],
  ['addresses', [line({ type: 'link', url: 'https://x.example' })], [line({ type: 'link', url: 'x' })]],
  ['people', [line({ type: 'user', user_id: 'U1' })], [line({ type: 'user', user_id: '<!here>' })]],
];

const cases = limits.map(([what, within, beyond, error = 'invalid_blocks']) => ({ what, within, beyond, error }));

test.each(cases)('a message takes $what, and no more', ({ within, beyond, error }) => {
  expect(verdict(() => checkBlocks(within))).toBe('ok');
  expect(verdict(() => checkBlocks(beyond))).toBe(error);
});

test('a refusal says what and where', () => {
  const blocks = [divider, actions(button({ text: plain(76) }))];
  const message = 'must be less than 76 characters [json-pointer:/blocks/1/elements/0/text/text]';
  expect(() => checkBlocks(blocks)).toThrow(
    expect.objectContaining({ more: { errors: [message], response_metadata: { messages: [`[ERROR] ${message}`] } } }),
  );
});

const modal = (more: Fields): Fields => ({ type: 'modal', title: plain(24), blocks: [], ...more });
const home = (more: Fields): Fields => ({ type: 'home', blocks: [], ...more });
const input = { type: 'input', label: plain(1), element: { type: 'plain_text_input' } };

const views: readonly (readonly [what: string, kind: 'modal' | 'home', within: Fields, beyond: Fields])[] = [
  ['100 blocks', 'home', home({ blocks: many(100, divider) }), home({ blocks: many(101, divider) })],
  ['no table', 'home', home({ blocks: [line(text('x'))] }), home({ blocks: [table(1, 1)] })],
  ['no title in a home', 'home', home({}), home({ title: plain(1) })],
  ['a title of 24 characters', 'modal', modal({}), modal({ title: plain(25) })],
  ['a button beside an input', 'modal', modal({ blocks: [input], submit: plain(1) }), modal({ blocks: [input] })],
  [
    '3,000 private characters',
    'modal',
    modal({ private_metadata: 'x'.repeat(3_000) }),
    modal({ private_metadata: 'x'.repeat(3_001) }),
  ],
  ['what was asked for', 'modal', modal({}), home({})],
];

test.each(views)('a view takes %s', (_what, kind, within, beyond) => {
  expect(verdict(() => viewOf({ view: within }, kind))).toBe('ok');
  expect(verdict(() => viewOf({ view: JSON.stringify(beyond) }, kind))).toBe('invalid_arguments');
});
