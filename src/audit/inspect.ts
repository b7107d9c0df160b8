import { AuditError } from './audit.ts';
import { type Break, createChain } from './chain.ts';
import { fullFiles } from './files.ts';
import { type Head, noHead } from './line.ts';
import { linesBackwards, linesOf } from './lines.ts';
import type { Started } from './match.ts';
import { type Aside, mend, sizeOf } from './mend.ts';
import { brokenKey, readBroken, readContinued } from './notes.ts';
import { glance, readRecord } from './record.ts';
import { lastOf } from './store.ts';

/** What is found of an audit that is to be gone on with. */
export interface Found {
  readonly head: Head;
  /** The highest number that an invocation had. */
  readonly lastId: number;
  /** Ids of what began and did not end, with their records as far as they are still there. */
  readonly running: ReadonlyMap<string, Started | undefined>;
  /** What is wrong and was not written down before. */
  readonly breaks: readonly Break[];
  /** The last line was not whole. */
  readonly torn: Aside | undefined;
  /** The file that is written to is empty, and there were others before it. */
  readonly isNext: boolean;
}

/**
 * Makes the newest file end with a whole line and checks it with its tie to the one before; older ones are `verifyAudit`'s. Throws an
 * `AuditError` (`broken`) when there is something in it and no record.
 */
export async function inspect(path: string, now: number): Promise<Found> {
  const full = (await fullFiles(path)).map((each) => each.path);
  const torn = await mend(path, now);
  const isEmpty = (await sizeOf(path)) === 0;
  if (!isEmpty && (await lastOf(path)) === undefined) {
    throw new AuditError('broken', `${path} is no audit: there is no record in it`);
  }
  const files = isEmpty ? full : [...full, path];
  const newest = files.at(-1);
  const older = files.at(-2);
  const chain = createChain(older === undefined ? undefined : await lastOf(older));
  const seen = await read(newest, chain);
  return {
    head: newest === undefined ? noHead : chain.head,
    lastId: seen.lastId,
    running: await withRecords(seen.running, files.slice(0, -1)),
    breaks: chain.breaks().filter((each) => !seen.known.has(brokenKey(each))),
    torn,
    isNext: isEmpty && newest !== undefined,
  };
}

/** The number that an invocation has; 0 when its id is another word. */
export const numberOf = (id: string): number => (/^[1-9]\d{0,14}$/.test(id) ? Number(id) : 0);

interface Seen {
  readonly lastId: number;
  /** Lines by the id; empty for one that is in an older file. */
  readonly running: ReadonlyMap<string, string>;
  /** Breaks that were written down. */
  readonly known: ReadonlySet<string>;
}

async function read(path: string | undefined, chain: ReturnType<typeof createChain>): Promise<Seen> {
  const running = new Map<string, string>();
  const known = new Set<string>();
  let lastId = 0;
  const note = (text: string): void => {
    const goesOn = readContinued(text);
    for (const id of goesOn?.running ?? []) running.set(id, '');
    lastId = Math.max(lastId, goesOn?.lastId ?? 0);
    const broken = readBroken(text);
    if (broken !== undefined) known.add(broken);
  };
  for await (const { lines } of path === undefined ? [] : linesOf(path)) {
    for (const { text, number } of lines) {
      const record = chain.take(path ?? '', number, text);
      if (record?.kind === 'note') note(text);
      if (record?.id === undefined) continue;
      lastId = Math.max(lastId, numberOf(record.id));
      if (record.kind === 'started') running.set(record.id, text);
      else if (record.kind === 'ended') running.delete(record.id);
    }
  }
  return { lastId, running, known };
}

/** What began before the newest file is looked up in those before it. */
async function withRecords(
  lines: ReadonlyMap<string, string>,
  older: readonly string[],
): Promise<ReadonlyMap<string, Started | undefined>> {
  const running = new Map([...lines].map(([id, line]) => [id, line === '' ? undefined : startedOf(line)]));
  let wanted = [...lines.values()].filter((line) => line === '').length;
  for (const path of older.toReversed()) {
    if (wanted === 0) break;
    for await (const piece of linesBackwards(path)) {
      for (const line of piece) {
        const record = glance(line);
        if (record?.kind !== 'started' || record.id === undefined || lines.get(record.id) !== '') continue;
        running.set(record.id, startedOf(line));
        wanted -= 1;
      }
      if (wanted === 0) break;
    }
  }
  return running;
}

const startedOf = (line: string): Started | undefined => {
  const record = readRecord(line);
  return record?.kind === 'started' ? record : undefined;
};
