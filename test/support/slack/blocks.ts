import type { Fields } from './fields.ts';
import { Refusal } from './refusal.ts';

/** Throws what Slack says when a message can't have these blocks. */
export function checkBlocks(blocks: readonly Fields[]): void {
  if (blocks.length > 50) throw new Refusal('invalid_blocks');
}
