import type { Snapshot } from 'classic-level';
import type { AuditFilter } from '../audit.ts';
import { readRecord } from '../record.ts';
import { type Block, blockRecords, grown } from './block.ts';
import type { Database } from './database.ts';
import {
  allBlocks,
  allRecords,
  everywhere,
  openAt,
  type PlaceRange,
  placeOf,
  rangesOf,
  readBlock,
  recordKey,
  recordsIn,
} from './key.ts';

/** So many keys are read at once. */
const pieceKeys = 4_096;

/** Where records of the time that a filter names are, and maybe others. Undefined: nowhere. */
export async function spanOf(db: Database, filter: AuditFilter, snapshot: Snapshot): Promise<PlaceRange | undefined> {
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = filter;
  const isWithin = ({ from, to }: Block): boolean => from <= until && to >= since;
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  const widen = (from: number, to: number): void => {
    first = Math.min(first, from);
    last = Math.max(last, to);
  };
  /** What is known reaches to here. */
  let known = (await firstPlace(db, snapshot)) - 1;
  const iterator = db.keys({ ...allBlocks, snapshot });
  try {
    for (;;) {
      const piece = await iterator.nextv(pieceKeys);
      if (piece.length === 0) break;
      for (const block of piece.map(readBlock)) {
        const before = Math.max(known, block.last - blockRecords);
        // Somebody took out what was known of these.
        if (before > known) widen(known + 1, before);
        if (isWithin(block)) widen(before + 1, block.last);
        known = block.last;
      }
    }
  } finally {
    await iterator.close();
  }
  if (until === Number.POSITIVE_INFINITY || (await tail(db, known, snapshot)).some(isWithin)) {
    widen(known + 1, everywhere.last);
  }
  return last === 0 ? undefined : { first, last };
}

async function firstPlace(db: Database, snapshot: Snapshot): Promise<number> {
  const [key] = await db.keys({ ...allRecords, limit: 1, snapshot }).all();
  return key === undefined ? 1 : placeOf(key);
}

/** The block that is not whole yet; all, when nothing is known of any. */
async function tail(db: Database, known: number, snapshot: Snapshot): Promise<readonly Block[]> {
  const blocks = new Map<number, Block>();
  let block: Block | undefined;
  const range = recordsIn({ first: known + 1, last: everywhere.last });
  for await (const [key, line] of db.iterator({ ...range, snapshot })) {
    block = grown(block, placeOf(key), line, readRecord(line));
    blocks.set(block.last, block);
  }
  return [...blocks.values()];
}

/** Beginnings before these places of what had not ended there. */
export const begunBefore = async (
  db: Database,
  { first }: PlaceRange,
  snapshot: Snapshot,
): Promise<readonly number[]> => (await db.keys({ ...openAt(first - 1), snapshot }).all()).map(placeOf);

/** Ends behind these places of what had begun before. */
export async function endedBehind(db: Database, { last }: PlaceRange, snapshot: Snapshot): Promise<readonly number[]> {
  if (last === everywhere.last) return [];
  const begun = await begunBefore(db, { first: last + 1, last }, snapshot);
  const found = new Set<number>();
  for (const line of await db.getMany(begun.map(recordKey), { snapshot })) {
    const record = readRecord(line ?? '');
    if (record?.kind !== 'started') continue;
    for (const range of rangesOf({ id: record.id })) {
      const places = (await db.keys({ ...range, snapshot }).all()).map(placeOf);
      for (const place of places.filter((each) => each > last)) found.add(place);
    }
  }
  return [...found].sort((one, other) => one - other);
}
