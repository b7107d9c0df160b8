import { stat } from 'node:fs/promises';
import { type Log, silent } from '../log/log.ts';
import { AuditError, type AuditEvent, type AuditFilter, type AuditRecord } from './audit.ts';
import { readUnmoved } from './files.ts';
import { type Found, inspect } from './inspect.ts';
import type { KeptAudit } from './kept.ts';
import { linesBackwards } from './lines.ts';
import { takeLock } from '../state/lock.ts';
import type { Started } from './match.ts';
import { broken, continued, torn } from './notes.ts';
import { createPick } from './pick.ts';
import { openStore } from './store.ts';
import { verifyAudit } from './verify.ts';
import { createWriter } from './writer.ts';

export interface AuditFileOptions {
  /** Made when it is not there, with its folder. It has to be on a disk of this machine. */
  readonly path: string;
  /** A larger file is put aside as `<path>.1`, `<path>.2` … and another is begun. Default 64 MiB. */
  readonly maxBytes?: number;
  /** How many files that were put aside are kept. Default: all. */
  readonly keep?: number;
  readonly log?: Log;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * The audit in files of one JSON record a line. What is written survives the end of the process; a loss of power may take the last second.
 *
 * What was running when the bot went down has ended as `unknown` when this resolves. Throws an `AuditError`: `in_use` when another process
 * writes to it, `broken` when the file is of something else, `unavailable` when it cannot be read or written.
 */
export async function openAuditFile(options: AuditFileOptions): Promise<KeptAudit> {
  const { path, maxBytes = 67_108_864, keep, log = silent, now = Date.now } = options;
  const lock = await orUnavailable(async () => {
    // A device takes everything and keeps nothing, or has no end.
    if (!(await isFileOrAbsent(path))) throw new Error('it is no file');
    return takeLock(path);
  }, path);
  if ('heldBy' in lock) {
    const who = lock.heldBy === undefined ? 'another process' : `the process ${lock.heldBy}`;
    throw new AuditError('in_use', `${path} is written to by ${who}`);
  }
  try {
    return await orUnavailable(async () => {
      const found = await inspect(path, now());
      tell(found, path, log);
      const store = await openStore({ path, maxBytes, keep });
      const writer = createWriter({ ...found, running: found.running.keys(), store, log, now });
      try {
        await Promise.all(firstEvents(found).map((event) => writer.write(event)));
      } catch (error) {
        await writer.close().catch(() => {});
        await store.close();
        throw error;
      }
      const unfinished = [...found.running.values()].filter((each): each is Started => each !== undefined);
      let closing: Promise<void> | undefined;
      const close = async (): Promise<void> => {
        try {
          await writer.close();
        } finally {
          await store.close();
          await lock.release();
        }
      };
      return {
        unfinished,
        lastId: found.lastId,
        get head() {
          return writer.head;
        },
        get outage() {
          return writer.outage;
        },
        write: (event) => writer.write(event),
        find: (filter, most) => findIn(path, filter, most),
        verify: (head) => verifyAudit(path, head),
        close: () => (closing ??= close()),
      };
    }, path);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The newest records that fit, oldest first, of the audit at `path`, which may be written to meanwhile. */
export const findIn = (path: string, filter: AuditFilter, most: number): Promise<readonly AuditRecord[]> =>
  readUnmoved(path, async (files) => {
    const pick = createPick(filter, most);
    for (const file of files.toReversed()) {
      for await (const lines of linesBackwards(file)) {
        for (const line of lines) if (!pick.take(line)) return pick.result();
      }
    }
    return pick.result();
  });

function firstEvents(found: Found): readonly AuditEvent[] {
  return [
    ...(found.isNext ? [continued(found.running.keys(), found.lastId)] : []),
    ...(found.torn === undefined ? [] : [torn(found.torn.kept, found.torn.bytes)]),
    ...found.breaks.map(broken),
    ...[...found.running.keys()].map((id): AuditEvent => ({ kind: 'ended', id, outcome: 'unknown', durationMs: 0 })),
  ];
}

function tell({ torn: aside, breaks, running }: Found, path: string, log: Log): void {
  if (aside !== undefined) log.warn('the last line of the audit was not whole: it was put aside', { ...aside });
  for (const { kind, line, seq } of breaks.slice(0, 10)) {
    log.error('somebody changed the audit', { path, how: kind, line, seq });
  }
  if (running.size > 0) {
    log.warn('it is not known what became of what ran when the bot went down', { ids: [...running.keys()].join(' ') });
  }
}

async function isFileOrAbsent(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return true;
    throw error;
  }
}

async function orUnavailable<T>(work: () => Promise<T>, path: string): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AuditError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AuditError('unavailable', `${path} cannot be used as the audit: ${reason}`, { cause: error });
  }
}
