import type { Snapshot } from 'classic-level';
import type { AuditFilter, AuditRecord } from '../audit.ts';
import { createPick } from '../pick.ts';
import { placesIn } from './cross.ts';
import type { Database } from './database.ts';
import { everywhere, type PlaceRange, placeOf, rangesOf, recordKey, recordsIn } from './key.ts';
import { begunBefore, endedBehind, spanOf } from './span.ts';

/** A record with the place where it stands. */
export interface Placed {
  readonly place: number;
  readonly line: string;
}

type Order = 'newest first' | 'oldest first';

const pieceRecords = 256;
/** A record has about so many. */
const usualBytes = 512;

/** The newest records that fit, oldest first. What the filter names is looked up. */
export function findIn(db: Database, filter: AuditFilter, most: number): Promise<readonly AuditRecord[]> {
  return inOneState(db, async (snapshot) => {
    const pick = createPick(filter, most);
    for await (const piece of candidates(db, filter, 'newest first', snapshot)) {
      for (const { line } of piece) if (!pick.take(line)) return pick.result();
    }
    return pick.result();
  });
}

/** Lines among which all are that fit, oldest first. */
export async function* linesFor(db: Database, filter: AuditFilter): AsyncGenerator<readonly string[]> {
  const snapshot = db.snapshot();
  try {
    for await (const piece of candidates(db, filter, 'oldest first', snapshot)) yield piece.map(({ line }) => line);
  } finally {
    await snapshot.close();
  }
}

/** While something else is written, this is read as it was at first. */
export async function inOneState<T>(db: Database, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const snapshot = db.snapshot();
  try {
    return await work(snapshot);
  } finally {
    await snapshot.close();
  }
}

/** All records, so many at a time, or fewer. */
export async function* allIn(
  db: Database,
  order: Order,
  snapshot: Snapshot,
  size: number = pieceRecords,
  range: PlaceRange = everywhere,
): AsyncGenerator<readonly Placed[]> {
  const iterator = db.iterator({
    ...recordsIn(range),
    reverse: order === 'newest first',
    snapshot,
    highWaterMarkBytes: size * usualBytes,
  });
  try {
    for (;;) {
      const piece = await iterator.nextv(size);
      if (piece.length === 0) return;
      yield piece.map(([key, line]) => ({ place: placeOf(key), line }));
    }
  } finally {
    await iterator.close();
  }
}

async function* candidates(
  db: Database,
  filter: AuditFilter,
  order: Order,
  snapshot: Snapshot,
): AsyncGenerator<readonly Placed[]> {
  const { since, until } = filter;
  if (since === undefined && until === undefined) {
    yield* within(db, filter, order, snapshot, everywhere);
    return;
  }
  const span = await spanOf(db, filter, snapshot);
  if (span === undefined) return;
  // One of an invocation's two records may be elsewhere.
  const [before, behind] = [await begunBefore(db, span, snapshot), await endedBehind(db, span, snapshot)];
  if (order === 'newest first') {
    yield await recordsAt(db, behind.toReversed(), snapshot);
    yield* within(db, filter, order, snapshot, span);
    yield await recordsAt(db, before.toReversed(), snapshot);
  } else {
    yield await recordsAt(db, before, snapshot);
    yield* within(db, filter, order, snapshot, span);
    yield await recordsAt(db, behind, snapshot);
  }
}

async function* within(
  db: Database,
  filter: AuditFilter,
  order: Order,
  snapshot: Snapshot,
  span: PlaceRange,
): AsyncGenerator<readonly Placed[]> {
  const ranges = rangesOf(filter);
  if (ranges.length === 0) {
    yield* allIn(db, order, snapshot, pieceRecords, span);
    return;
  }
  const places = placesIn(db, ranges, span, snapshot);
  for await (const some of pieces(order === 'newest first' ? places : await turned(places))) {
    yield await recordsAt(db, some, snapshot);
  }
}

async function recordsAt(db: Database, places: readonly number[], snapshot: Snapshot): Promise<readonly Placed[]> {
  const lines = await db.getMany(places.map(recordKey), { snapshot });
  return places.flatMap((place, index) => {
    const line = lines[index];
    return line === undefined ? [] : [{ place, line }];
  });
}

/** Few at first: what was asked for may be among them. */
async function* pieces(places: AsyncIterable<number> | Iterable<number>): AsyncGenerator<readonly number[]> {
  let piece: number[] = [];
  let size = 16;
  for await (const place of places) {
    piece.push(place);
    if (piece.length < size) continue;
    yield piece;
    piece = [];
    size = Math.min(2 * size, pieceRecords);
  }
  if (piece.length > 0) yield piece;
}

async function turned(places: AsyncIterable<number>): Promise<readonly number[]> {
  const all: number[] = [];
  for await (const place of places) all.push(place);
  return all.reverse();
}
