import type { AuditRecord } from '../audit.ts';
import { readRecord } from '../record.ts';
import type { Started } from '../match.ts';
import { type Block, blockRecords } from './block.ts';
import type { Database } from './database.ts';
import { type Begun, blockKeys, indexKeys, openKey, placeOf, rangesOf, recordKey, recordsIn } from './key.ts';

type Open = Begun & { readonly started: Started };

/** The keys of a block, the oldest there is, and all that is in the index because of it. `last`: the place of the newest record. */
export async function keysOf(db: Database, block: Block, last: number): Promise<ReadonlySet<string>> {
  const keys = new Set(blockKeys(block, []));
  const add = (some: readonly string[]): void => {
    for (const key of some) keys.add(key);
  };
  const running = new Map<string, Open>();
  for await (const [key, line] of db.iterator(recordsIn({ first: block.last - blockRecords + 1, last: block.last }))) {
    keys.add(key);
    const place = placeOf(key);
    const record = readRecord(line);
    if (record === undefined) continue;
    add(indexKeys(record, place, record.kind === 'ended' ? running.get(record.id) : undefined));
    if (record.kind === 'started') running.set(record.id, { place, started: record });
    else if (record.kind === 'ended') running.delete(record.id);
  }
  for (const open of running.values()) add(await beyond(db, open, block, last));
  return keys;
}

/** What is in the index behind the block because something began in it. */
async function beyond(db: Database, open: Open, block: Block, last: number): Promise<readonly string[]> {
  const end = await endOf(db, open.started.id, block.last);
  const keys: string[] = [];
  for (let at = block.last; at < (end?.place ?? last + 1); at += blockRecords) keys.push(openKey(at, open.place));
  if (end === undefined) return keys;
  const own = new Set(indexKeys(end.record, end.place, undefined));
  return [...keys, ...indexKeys(end.record, end.place, open).filter((key) => !own.has(key))];
}

async function endOf(
  db: Database,
  id: string,
  after: number,
): Promise<{ readonly place: number; readonly record: AuditRecord } | undefined> {
  for (const range of rangesOf({ id })) {
    for await (const key of db.keys(range)) {
      const place = placeOf(key);
      const record = place > after ? readRecord((await db.get(recordKey(place))) ?? '') : undefined;
      if (record?.kind === 'ended' && record.id === id) return { place, record };
    }
  }
  return undefined;
}
