import { stat } from 'node:fs/promises';
import { type Log, silent } from '../log/log.ts';
import { takeLock } from '../state/lock.ts';
import type { AuditFilter, AuditRecord } from './audit.ts';
import { readUnmoved } from './files.ts';
import { inspect } from './inspect.ts';
import type { KeptAudit } from './kept.ts';
import { linesBackwards } from './lines.ts';
import { goOn, inUse, orUnavailable } from './opening.ts';
import { createPick } from './pick.ts';
import { openStore } from './store.ts';
import { verifyAudit } from './verify.ts';

export interface AuditFileOptions {
  /** Made when it is not there, with its folder. It has to be on a disk of this machine. */
  readonly path: string;
  /** A larger file is put aside as `<path>.1`, `<path>.2` … and another is begun. Default 64 MiB. */
  readonly maxBytes?: number;
  /** How many files that were put aside are kept. Default: all. */
  readonly keep?: number | undefined;
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
  if ('heldBy' in lock) throw inUse(path, lock.heldBy);
  try {
    return await orUnavailable(async () => {
      const found = await inspect(path, now());
      const store = await openStore({ path, maxBytes, keep });
      return goOn({
        found,
        store,
        lock,
        path,
        log,
        now,
        find: (filter, most) => findIn(path, filter, most),
        verify: (head) => verifyAudit(path, head),
      });
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

async function isFileOrAbsent(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return true;
    throw error;
  }
}
