import { type Fields, isFields, json, listOf, textOf } from './fields.ts';
import { Refusal } from './refusal.ts';
import { newId } from './world.ts';

/** What a message shows. */
export interface Content {
  readonly text: string;
  readonly blocks: readonly Fields[];
}

/** Slack cuts a longer text. */
const longestText = 40_000;

/** A message is not edited to more than this, though posting takes ten times as much. */
export const longestEdit = 4_000;

/** Reads `text` and `blocks` of a message. Throws what Slack says when they are none. */
export function contentOf(args: Fields, check: (blocks: readonly Fields[]) => void): Content {
  const blocks = blocksOf(args['blocks']);
  check(blocks);
  const text = Array.from(textOf(args['text'])).slice(0, longestText).join('');
  if (text.trim() === '' && blocks.length === 0 && !hasAttachments(args)) throw new Refusal('no_text');
  return { text, blocks };
}

/** A list of objects with a type, or the JSON text of one. */
export function blocksOf(value: unknown): readonly Fields[] {
  if (value === undefined || value === '') return [];
  const blocks = listOf(value);
  if (blocks === undefined) throw new Refusal('invalid_blocks_format');
  return blocks;
}

/** As Slack shows them: each has an id. */
export const withIds = (blocks: readonly Fields[]): readonly Fields[] =>
  blocks.map((block) => ({ ...block, block_id: block['block_id'] ?? newId('b') }));

const hasAttachments = (args: Fields): boolean => {
  const value = args['attachments'];
  const list = typeof value === 'string' ? json(value) : value;
  return Array.isArray(list) && list.some(isFields);
};
