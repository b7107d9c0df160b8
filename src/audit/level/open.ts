import { type Log, silent } from '../../log/log.ts';
import { type Lock, takeLock } from '../../state/lock.ts';
import type { AuditEvent } from '../audit.ts';
import type { KeptAudit } from '../kept.ts';
import { meddled } from '../notes.ts';
import { goOn, inUse, orUnavailable } from '../opening.ts';
import { damaged, isCorruption, openDatabase } from './database.ts';
import { claim, droppedBytes, lockPath, lookInto } from './directory.ts';
import { createIndexed } from './indexed.ts';
import { inspect } from './inspect.ts';
import { findIn } from './read.ts';
import { openLevelStore } from './store.ts';
import { verifyIn } from './verify.ts';

export interface AuditLevelOptions {
  /** Made when it is not there; it is for this audit alone, and has to be on a disk of this machine. */
  readonly directory: string;
  /** So many bytes of records are a part. Default 64 MiB. */
  readonly maxBytes?: number;
  /** How many parts are kept beside the one that grows. Default: all. */
  readonly keep?: number | undefined;
  readonly log?: Log;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * The audit in a LevelDB database: the same records, chained in the same way, and found by an index. What is written survives the end of the process; a loss
 * of power may take the last second.
 *
 * What was running when the bot went down has ended as `unknown` when this resolves. Throws an `AuditError`: `in_use` when another process has it,
 * `broken` when there is something else in the directory or the database is damaged, `unavailable` when it cannot be read or written, or the package
 * `classic-level` is not installed.
 */
export async function openAuditLevel(options: AuditLevelOptions): Promise<KeptAudit> {
  const { directory, maxBytes = 67_108_864, keep, log = silent, now = Date.now } = options;
  const lock = await orUnavailable(() => lockLevel(directory), directory);
  try {
    return await orUnavailable(async () => {
      if ((await lookInto(directory)) === 'nothing') await claim(directory);
      const db = await openDatabase(directory);
      try {
        const found = await inspect(db, directory).catch((error: unknown) => {
          throw isCorruption(error) ? damaged(directory, error) : error;
        });
        const indexed = createIndexed(found);
        const store = await openLevelStore({ directory, db, indexed, last: found.last, keep, maxBytes });
        return await goOn({
          found,
          store,
          also: await losses(directory, log),
          lock,
          path: directory,
          log,
          now,
          find: (filter, most) => store.reading((open) => findIn(open, filter, most)),
          verify: (head) => store.reading((open) => verifyIn(open, directory, head)),
        });
      } catch (error) {
        await db.close();
        throw error;
      }
    }, directory);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Throws an `AuditError`. */
export async function lockLevel(directory: string): Promise<Lock> {
  // Before anything is made in it.
  await lookInto(directory);
  const lock = await takeLock(lockPath(directory));
  if ('heldBy' in lock) throw inUse(directory, lock.heldBy);
  return lock;
}

async function losses(directory: string, log: Log): Promise<readonly AuditEvent[]> {
  const bytes = await droppedBytes(directory);
  if (bytes === 0) return [];
  log.error('a part of the audit cannot be read', { directory, bytes });
  return [meddled(`unreadable: ${bytes} bytes`)];
}
