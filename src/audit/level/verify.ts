import type { Snapshot } from 'classic-level';
import type { AuditRecord } from '../audit.ts';
import { type Break, maxBreaks } from '../chain.ts';
import type { Started } from '../match.ts';
import { readRecord } from '../record.ts';
import { type AuditReport, createCheck } from '../verify.ts';
import { type Block, grown } from './block.ts';
import { type Database, isCorruption } from './database.ts';
import { syncedPlace } from './directory.ts';
import { allIndex, type Begun, blockKeys, indexKeys } from './key.ts';
import { allIn, inOneState, type Placed } from './read.ts';
import { createTally, newSeed, type Seed } from './tally.ts';

/** So many records, and so many keys, are read at once. */
const pieceRecords = 512;
const pieceKeys = 4_096;

/** Checks every record, and that each is in the index: what is missing there is hidden from who asks for it. Lines are numbered by place. */
export async function verifyIn(db: Database, directory: string, head?: string): Promise<AuditReport> {
  const synced = await syncedPlace(directory);
  return inOneState(db, async (snapshot) => {
    const check = createCheck(head);
    const keys = createKeys();
    const seed = newSeed();
    const expected = createTally(seed);
    const more: Break[] = [];
    const tell = (kind: Break['kind'], place: number, seq: number, count = 1): void => {
      if (more.length < maxBreaks) more.push({ kind, file: directory, line: place, seq, count });
    };
    let last = 0;
    try {
      for await (const piece of allIn(db, 'oldest first', snapshot, pieceRecords)) {
        for (const { place, line } of piece) {
          check.take(directory, place, line);
          for (const key of keys.of({ place, line })) expected.add(key);
        }
        last = piece.at(-1)?.place ?? last;
      }
      if (last < synced) tell('missing', last + 1, (check.report(directory).last?.seq ?? 0) + 1, synced - last);
      if ((await tallyOf(db, snapshot, seed)) !== expected.sum) {
        for await (const place of unindexed(db, snapshot)) tell('unindexed', place, place);
      }
    } catch (error) {
      if (!isCorruption(error)) throw error;
      tell('unreadable', last + 1, 0);
    }
    const report = check.report(directory);
    return more.length === 0 ? report : { ...report, breaks: [...report.breaks, ...more], isWhole: false };
  });
}

/** Of all keys that the index has. */
async function tallyOf(db: Database, snapshot: Snapshot, seed: Seed): Promise<string> {
  const tally = createTally(seed);
  const iterator = db.keys({ ...allIndex, snapshot, highWaterMarkBytes: 64 * pieceKeys });
  try {
    for (;;) {
      const piece = await iterator.nextv(pieceKeys);
      if (piece.length === 0) return tally.sum;
      for (const key of piece) tally.add(key);
    }
  } finally {
    await iterator.close();
  }
}

/** Places of records that the index lacks somewhere. What it has too much of misleads nobody: each record that is found is looked at. */
async function* unindexed(db: Database, snapshot: Snapshot): AsyncGenerator<number> {
  const keys = createKeys();
  for await (const piece of allIn(db, 'oldest first', snapshot, pieceRecords)) {
    const wanted = piece.flatMap((each) => keys.of(each).map((key) => ({ key, place: each.place })));
    const names = wanted.map(({ key }) => key);
    const there = await db.hasMany(names, { snapshot });
    yield* new Set(wanted.filter((_, index) => there[index] === false).map(({ place }) => place));
  }
}

/** The keys that the records ought to have in the index. They are given oldest first. */
function createKeys(): { of(record: Placed): readonly string[] } {
  const running = new Map<string, Begun & { readonly started: Started }>();
  let block: Block | undefined;
  const keysOf = (record: AuditRecord | undefined, place: number): readonly string[] => {
    if (record === undefined) return [];
    if (record.kind !== 'ended') {
      if (record.kind === 'started') running.set(record.id, { place, started: record });
      return indexKeys(record, place, undefined);
    }
    const begun = running.get(record.id);
    running.delete(record.id);
    return indexKeys(record, place, begun);
  };
  return {
    of({ place, line }) {
      const record = readRecord(line);
      const own = keysOf(record, place);
      block = grown(block, place, line, record);
      return place === block.last ? [...own, ...blockKeys(block, running.values())] : own;
    },
  };
}
