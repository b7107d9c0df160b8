import { removedTo } from '../notes.ts';
import type { Block } from './block.ts';
import type { Database } from './database.ts';
import { allBlocks, readBlock } from './key.ts';
import { findIn } from './read.ts';

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
  const all = keep === undefined ? [] : (await db.keys(allBlocks).all()).map(readBlock);
  // A place is never less than the number of the record there.
  const told = keep === undefined ? 0 : await toldBefore(db);
  let kept = all.filter(({ last }) => last > told);
  let due: readonly Block[] = all.filter(({ last }) => last <= told);
  let waiting: readonly Block[] = [];
  let bytes = sumOf(kept);
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

/** So many of what the audit noted about itself are looked through. */
const maxNotes = 256;

/** Up to which record it was written down before that none is kept. */
const toldBefore = async (db: Database): Promise<number> =>
  Math.max(0, ...(await findIn(db, { person: '' }, maxNotes)).map(removedTo));

const sumOf = (blocks: readonly Block[]): number => blocks.reduce((sum, block) => sum + block.bytes, 0);
