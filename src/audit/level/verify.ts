import { type Break, maxBreaks } from '../chain.ts';
import type { Started } from '../match.ts';
import { readRecord } from '../record.ts';
import { type AuditReport, createCheck } from '../verify.ts';
import { type Database, isCorruption } from './database.ts';
import { type Begun, indexKeys } from './key.ts';
import { allIn, inOneState, type Placed } from './read.ts';

/** Checks every record, and that each is in the index: what is missing there is hidden from who asks for it. Lines are numbered by place. */
export function verifyIn(db: Database, directory: string, head?: string): Promise<AuditReport> {
  return inOneState(db, async (snapshot) => {
    const check = createCheck(head);
    const keys = createKeys();
    const more: Break[] = [];
    const tell = (kind: Break['kind'], place: number, seq: number): void => {
      if (more.length < maxBreaks) more.push({ kind, file: directory, line: place, seq, count: 1 });
    };
    let last = 0;
    try {
      for await (const piece of allIn(db, 'oldest first', snapshot)) {
        for (const { place, line } of piece) check.take(directory, place, line);
        const wanted = piece.flatMap((each) => keys.of(each).map((key) => ({ key, place: each.place })));
        const there = await db.hasMany(
          wanted.map(({ key }) => key),
          { snapshot },
        );
        const absent = new Set(wanted.filter((_, index) => there[index] === false).map(({ place }) => place));
        for (const place of absent) tell('unindexed', place, place);
        last = piece.at(-1)?.place ?? last;
      }
    } catch (error) {
      if (!isCorruption(error)) throw error;
      tell('unreadable', last + 1, 0);
    }
    const report = check.report(directory);
    return more.length === 0 ? report : { ...report, breaks: [...report.breaks, ...more], isWhole: false };
  });
}

/** The keys that the records ought to have in the index. */
function createKeys(): { of(record: Placed): readonly string[] } {
  const running = new Map<string, Begun & { readonly started: Started }>();
  return {
    of({ place, line }) {
      const record = readRecord(line);
      if (record === undefined) return [];
      if (record.kind !== 'ended') {
        if (record.kind === 'started') running.set(record.id, { place, started: record });
        return indexKeys(record, place, undefined);
      }
      const begun = running.get(record.id);
      running.delete(record.id);
      return indexKeys(record, place, begun);
    },
  };
}
