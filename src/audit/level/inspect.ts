import { type Break, createChain } from '../chain.ts';
import { type Found, numberOf } from '../inspect.ts';
import { type Head, noHead } from '../line.ts';
import type { Started } from '../match.ts';
import { brokenKey, readBroken } from '../notes.ts';
import { glance, readRecord } from '../record.ts';
import { type Block, grown } from './block.ts';
import type { Database } from './database.ts';
import { syncedPlace } from './directory.ts';
import { allRunning, type Begun, lastIdKey, readRunning, recordKey } from './key.ts';
import { allIn, inOneState, type Placed } from './read.ts';

export interface LevelFound extends Found {
  /** The place of the newest record; 0: there is none. */
  readonly last: number;
  readonly begun: ReadonlyMap<string, Begun>;
  /** The block of the newest record, as far as it is there. */
  readonly block: Block | undefined;
}

/** So many of the newest records are checked; older ones are `verifyIn`'s. */
const maxChecked = 10_000;

/** Looks at an audit that is to be gone on with. */
export async function inspect(db: Database, directory: string): Promise<LevelFound> {
  const newest = await newestOf(db);
  const [before] = newest.length > maxChecked ? newest : [];
  const chain = createChain(before === undefined ? undefined : headOf(before.line));
  const known = new Set<string>();
  let lastId = Number(await db.get(lastIdKey)) || 0;
  for (const { place, line } of before === undefined ? newest : newest.slice(1)) {
    const record = chain.take(directory, place, line);
    const broken = record?.kind === 'note' ? readBroken(line) : undefined;
    if (broken !== undefined) known.add(broken);
    if (record?.id !== undefined) lastId = Math.max(lastId, numberOf(record.id));
  }
  const begun = await begunIn(db);
  const place = newest.at(-1)?.place ?? 0;
  const head = newest.length === 0 ? noHead : chain.head;
  // Their numbers are not given again: so it shows for ever.
  const lost = Math.max(0, (await syncedPlace(directory)) - place);
  const last = place + lost;
  const missing: Break = { kind: 'missing', file: directory, line: last + 1, seq: head.seq + 1, count: lost };
  return {
    head: { ...head, seq: head.seq + lost },
    lastId,
    running: new Map([...begun].map(([id, { started }]) => [id, started])),
    breaks: [...chain.breaks(), ...(lost === 0 ? [] : [missing])].filter((each) => !known.has(brokenKey(each))),
    torn: undefined,
    isNext: false,
    last,
    begun,
    block: newest.reduce<Block | undefined>(
      (block, { place, line }) => grown(block, place, line, readRecord(line)),
      undefined,
    ),
  };
}

/** Oldest first, and one more than is checked. */
const newestOf = (db: Database): Promise<readonly Placed[]> =>
  inOneState(db, async (snapshot) => {
    const newest: Placed[] = [];
    for await (const piece of allIn(db, 'newest first', snapshot)) {
      newest.push(...piece);
      if (newest.length > maxChecked) break;
    }
    return newest.slice(0, maxChecked + 1).reverse();
  });

function headOf(line: string): Head | undefined {
  const record = glance(line);
  return record === undefined ? undefined : { seq: record.seq, hash: record.hash };
}

async function begunIn(db: Database): Promise<ReadonlyMap<string, Begun>> {
  const values = await db.values(allRunning).all();
  const running = values.map(readRunning);
  const lines = await db.getMany(running.map(({ place }) => recordKey(place)));
  return new Map(running.map(({ id, place }, index) => [id, { place, started: startedOf(lines[index] ?? '', id) }]));
}

function startedOf(line: string, id: string): Started | undefined {
  const record = readRecord(line);
  return record?.kind === 'started' && record.id === id ? record : undefined;
}
