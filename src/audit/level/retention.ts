import type { Block } from './block.ts';
import type { Database } from './database.ts';
import { allBlocks, readBlock } from './key.ts';

/** Which blocks are kept. A record has to say first that others are not: until then, none is deleted. */
export interface Retention {
  /** There are more bytes than need be kept. */
  readonly isOver: boolean;
  add(blocks: readonly Block[]): void;
  /** The oldest, which need not be kept. */
  readonly excess: readonly Block[];
  /** It is about to be written down that the excess is not kept any more. */
  release(): void;
  /** That was written down. */
  released(): void;
  /** To be deleted next. */
  readonly due: Block | undefined;
  /** What was due is no longer there. */
  deleted(): void;
}

export interface RetentionOptions {
  /** So many parts are kept beside the one that grows. Undefined: all. */
  readonly keep: number | undefined;
  /** Of a part. */
  readonly maxBytes: number;
}

export async function createRetention(db: Database, { keep, maxBytes }: RetentionOptions): Promise<Retention> {
  let kept = keep === undefined ? [] : (await db.keys(allBlocks).all()).map(readBlock);
  let bytes = sumOf(kept);
  let waiting: readonly Block[] = [];
  let due: readonly Block[] = [];
  const excess = (): readonly Block[] => {
    if (keep === undefined) return [];
    let left = bytes;
    return kept.filter((block) => {
      if (left <= keep * maxBytes) return false;
      left -= block.bytes;
      return true;
    });
  };
  return {
    get isOver() {
      return keep !== undefined && bytes >= (keep + 1) * maxBytes;
    },
    add(blocks) {
      if (keep === undefined) return;
      kept.push(...blocks);
      bytes += sumOf(blocks);
    },
    get excess() {
      return excess();
    },
    release() {
      const gone = excess();
      waiting = [...waiting, ...gone];
      kept = kept.slice(gone.length);
      bytes -= sumOf(gone);
    },
    released() {
      due = [...due, ...waiting];
      waiting = [];
    },
    get due() {
      return due[0];
    },
    deleted() {
      due = due.slice(1);
    },
  };
}

const sumOf = (blocks: readonly Block[]): number => blocks.reduce((sum, block) => sum + block.bytes, 0);
