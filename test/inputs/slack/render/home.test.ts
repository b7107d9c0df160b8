import { expect, test } from 'vitest';
import type { Document } from '../../../../src/document/document.ts';
import { renderHome } from '../../../../src/inputs/slack/render/home.ts';
import { problemsOfHome } from './accepted.ts';
import { readBlocks } from './reading.ts';

const table: Document = {
  kind: 'table',
  columns: [{ title: 'service' }, { title: 'health' }],
  rows: [['greeter', '<!here>']],
};

test('the tab of the app shows a document, with a table as columns', () => {
  const view = renderHome({ kind: 'group', parts: [{ kind: 'text', text: 'Services:' }, table] });
  expect(view).toEqual({
    type: 'home',
    blocks: [
      { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'Services:' }] }] },
      {
        type: 'rich_text',
        elements: [
          { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'service  health\ngreeter  <!here>' }] },
        ],
      },
    ],
  });
});

test('it has buttons', () => {
  const { blocks } = renderHome({ kind: 'actions', actions: [{ label: 'List', line: 'list services' }] });
  expect(blocks.map(({ type }) => type)).toEqual(['actions']);
});

test('it says that there is more than fits', () => {
  const parts = Array.from({ length: 3_000 }, (_, index): Document => ({ kind: 'list', items: [`service ${index}`] }));
  const { blocks } = renderHome({ kind: 'group', parts });
  expect(problemsOfHome(blocks)).toEqual([]);
  expect(blocks.length).toBeLessThanOrEqual(100);
  expect(readBlocks(blocks)).toContain('service 0\nservice 1\n');
  expect(blocks.at(-1)).toEqual({
    type: 'context',
    elements: [{ type: 'plain_text', text: 'There is more than fits here.', emoji: false }],
  });
});

test('it has no more rows of buttons than Slack takes', () => {
  const parts = Array.from({ length: 150 }, (_, index): Document => {
    return { kind: 'actions', actions: [{ label: `${index}`, line: `run ${index}` }] };
  });
  const { blocks } = renderHome({ kind: 'group', parts });
  expect(problemsOfHome(blocks)).toEqual([]);
  expect(blocks.filter(({ type }) => type === 'actions').length).toBe(98);
});

test('it is never empty', () => {
  expect(readBlocks(renderHome({ kind: 'group', parts: [] }).blocks)).toBe('(no output)');
});
