import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { inTime } from '../async/in-time.ts';
import { type Log, silent } from '../log/log.ts';
import { takeLock } from './lock.ts';
import { createTurns, type FileShelf, hanging, newShelf, patienceMs } from './shelf.ts';
import { type State, StateError } from './state.ts';

export interface FileStateOptions {
  /** Made when it is not there. No other process may use it at the same time. */
  readonly directory: string;
  /** Milliseconds until what could not be written is tried again. Default 60,000. */
  readonly retryMs?: number;
  readonly log?: Log;
}

const shelfName = /^[a-z][a-z-]*$/;
/** For what is still being written. */
const farewellMs = 5_000;

/** Remembers in files, one a shelf, which nobody but their owner may read. Throws a `StateError`. */
export async function fileState({ directory, retryMs = 60_000, log = silent }: FileStateOptions): Promise<State> {
  const lock = await takeLock(join(directory, 'state')).catch((error: unknown) => {
    throw unavailable(`the state directory ${directory} cannot be used`, error);
  });
  if ('heldBy' in lock) {
    const who = lock.heldBy === undefined ? 'another process' : `the process ${lock.heldBy}`;
    throw new StateError('in_use', `${directory} belongs to ${who}: a second bot needs a directory of its own`);
  }

  const inTurn = createTurns();
  const shelves: Pick<FileShelf<unknown>, 'close' | 'outage'>[] = [];

  const read = async (path: string): Promise<string | undefined> => {
    try {
      return await inTime(readFile(path, 'utf8'), patienceMs, () => {
        throw hanging(path, 'read');
      });
    } catch (error) {
      if (error instanceof StateError) throw error;
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw unavailable(`${path} cannot be read`, error);
    }
  };

  const setAside = async (path: string, error: unknown): Promise<void> => {
    const aside = `${path}.broken-${new Date().toISOString().replaceAll(':', '')}`;
    log.error('what the bot remembered cannot be read: it was set aside, and the bot begins anew', {
      path,
      aside,
      error,
    });
    await rename(path, aside).catch((failed: unknown) => {
      throw unavailable(`${path} cannot be read, nor set aside`, failed);
    });
  };

  return {
    async shelf(name, parse, empty) {
      if (!shelfName.test(name)) throw new Error(`${name} is no name of a shelf`);
      const path = join(directory, `${name}.json`);
      const text = await read(path);
      let current = empty;
      try {
        if (text !== undefined) current = await parse(own(path, JSON.parse(text)));
      } catch (error) {
        if (error instanceof StateError) throw error;
        await setAside(path, error);
      }
      const shelf = newShelf(path, current, inTurn, retryMs);
      shelves.push(shelf);
      return shelf;
    },
    get outage() {
      return shelves.find(({ outage }) => outage !== undefined)?.outage;
    },
    async close() {
      // Whoever has the directory next must find all of it, and nothing must come behind.
      await inTime(Promise.all(shelves.map((shelf) => shelf.close())), farewellMs, () => {
        log.error('what was to be remembered last may be lost: the disk does not answer', { directory });
        return [];
      });
      await lock.release();
    },
  };
}

/** The form of this version has no number: whichever follows it has one. */
function own(path: string, kept: unknown): unknown {
  if (typeof kept !== 'object' || kept === null || !('form' in kept) || typeof kept.form !== 'number') return kept;
  const words = `${path} was written by a later version of this bot (form ${kept.form}), and is left as it is`;
  throw new StateError('newer', `${words}: start that version, or move the file away to begin anew without it`);
}

const unavailable = (message: string, cause: unknown): StateError =>
  new StateError('unavailable', `${message}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
