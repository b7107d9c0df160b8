import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { inTime } from '../async/in-time.ts';
import { type Shelf, StateError } from './state.ts';

/** How long a disk has to answer. Whoever is kept waiting for longer does not know whether it listens. */
export const patienceMs = 10_000;

export const hanging = (path: string, what: 'read' | 'written'): StateError =>
  new StateError('unavailable', `${path} cannot be ${what}: its disk has not answered for ${patienceMs / 1_000} s`);

/** Runs work when all that came before is done. */
export type Turns = (work: () => Promise<void>) => Promise<void>;

/** One after the other: a disk that hangs takes one of the few threads that all files share, not all of them. */
export function createTurns(): Turns {
  let last: Promise<void> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };
}

/** A shelf that can be written to until it is closed. */
export interface FileShelf<T> extends Shelf<T> {
  /** Why what is there now is not written, as a sentence. */
  readonly outage: string | undefined;
  /** Resolves when all is written that came until then; nothing is written afterwards. Never rejects. */
  close(): Promise<void>;
}

/**
 * A shelf in a file. The file is replaced as a whole: a crash leaves the old one or the new one. Values that come while one is being
 * written are written together, once. What could not be written is tried again after `retryMs`, and when it is closed.
 */
export function newShelf<T>(path: string, kept: T, inTurn: Turns, retryMs: number): FileShelf<T> {
  let current = kept;
  let outage: string | undefined;
  let retry: NodeJS.Timeout | undefined;
  /** The write that has not begun, which everything that comes until then is part of. */
  let next: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();
  let isClosed = false;

  const save = async (): Promise<void> => {
    clearTimeout(retry);
    try {
      await write(path, JSON.stringify(current));
      outage = undefined;
    } catch (error) {
      outage = error instanceof Error ? error.message : String(error);
      if (!isClosed) retry = setTimeout(() => void shelf.replace(current).catch(() => {}), retryMs).unref();
      throw error;
    }
  };

  const shelf: FileShelf<T> = {
    get current() {
      return current;
    },
    get outage() {
      return outage;
    },
    replace(value) {
      current = value;
      if (isClosed) return Promise.reject(new StateError('unavailable', `${path} cannot be written: it is closed`));
      if (next === undefined) {
        const work = inTurn(async () => {
          next = undefined;
          await save();
        });
        last = work.catch(() => {});
        // It may come to be written after all, with what is there by then. Until that begins, whoever comes does not wait as long again.
        next = inTime(work, patienceMs, () => {
          const error = hanging(path, 'written');
          outage = error.message;
          throw error;
        });
      }
      return next;
    },
    async close() {
      if (outage !== undefined) shelf.replace(current).catch(() => {});
      for (let seen: Promise<void> | undefined; seen !== last; ) {
        seen = last;
        await last;
        // Who waited for that may have one more thing to keep.
        await nextTurn();
      }
      isClosed = true;
      clearTimeout(retry);
    },
  };
  return shelf;
}

async function write(path: string, text: string): Promise<void> {
  try {
    const fresh = `${path}.new`;
    const file = await open(fresh, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, path);
    await syncDirectory(dirname(path));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StateError('unavailable', `${path} cannot be written: ${reason}`, { cause: error });
  }
}

/** Without it, a power cut may undo the renaming. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
