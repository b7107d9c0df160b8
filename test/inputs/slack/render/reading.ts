import type { Rendered } from '../../../../src/inputs/slack/rendered.ts';

type Json = Readonly<Record<string, unknown>>;

/** What a person reads in blocks, with where links lead; buttons are not in it. */
export const readBlocks = (blocks: readonly Json[]): string => blocks.map(readBlock).join('\n');

export const readMessages = (messages: readonly Rendered[]): string =>
  messages.map(({ blocks }) => readBlocks(blocks)).join('\n');

/** Without what nobody sees, and what separates words and lines, which may differ between a terminal and Slack. */
export const dense = (text: string): string => text.replace(/[\s()•\p{Z}\p{Cf}]/gu, '');

/** All text nodes, of whatever type. */
export function everyText(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(everyText);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' ? (key === 'text' ? [inner] : []) : everyText(inner),
  );
}

function readBlock(block: Json): string {
  switch (block['type']) {
    case 'rich_text':
      return list(block['elements']).map(readRich).join('\n');
    case 'table':
      return (block['rows'] as readonly (readonly Json[])[])
        .map((row) => row.map((cell) => String(cell['text'])).join('\t'))
        .join('\n');
    case 'context':
    case 'actions':
      return '';
    default:
      throw new Error(`a block of type ${String(block['type'])}`);
  }
}

function readRich(element: Json): string {
  const inner = list(element['elements']);
  if (element['type'] === 'rich_text_list') return inner.map(readRich).join('\n');
  return inner.map(readElement).join('');
}

function readElement(element: Json): string {
  switch (element['type']) {
    case 'text':
      return String(element['text']);
    case 'link':
      return element['text'] === element['url']
        ? String(element['url'])
        : `${String(element['text'])} (${String(element['url'])})`;
    case 'user':
      return '';
    default:
      throw new Error(`an element of type ${String(element['type'])}`);
  }
}

const list = (value: unknown): readonly Json[] => value as readonly Json[];
