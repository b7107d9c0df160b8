import { constants, type FSWatcher, watch } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sleep } from '../async/sleep.ts';
import { AccessError } from './error.ts';

/** A file as it was at one moment. */
export interface Reading {
  readonly text: string;
  /** Differs when the file is another, or was written to. */
  readonly stamp: string;
}

/** More than that is no access file. */
const maxBytes = 1_048_576;

/** Throws an `AccessError` (`unavailable`) for what is no file, cannot be read, or changes while it is read. */
export async function readWhole(path: string): Promise<Reading> {
  try {
    // A pipe would be waited for, for ever.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const before = await file.stat({ bigint: true });
    if (!before.isFile()) throw new AccessError('unavailable', `${path} is no file`);
    if (before.size > maxBytes) {
      throw new AccessError('invalid', `${path} has ${before.size} bytes, at most ${maxBytes} are read`);
    }
    const bytes = Buffer.alloc(Number(before.size) + 1);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    const stamp = stampOf(before);
    if (BigInt(bytesRead) !== before.size || stampOf(await file.stat({ bigint: true })) !== stamp) {
      throw new AccessError('unavailable', `${path} changes while it is read`);
    }
    return { text: textOf(bytes.subarray(0, bytesRead)), stamp };
  } catch (error) {
    if (error instanceof AccessError) throw error;
    const code = codeOf(error);
    const what = code === 'ENOENT' ? 'is not there' : `cannot be read: ${code}`;
    throw new AccessError('unavailable', `${path} ${what}`, { cause: error });
  }
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new AccessError('invalid', 'the file is not valid UTF-8', { cause: error });
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown trouble';

interface Stats {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

const stampOf = ({ dev, ino, size, mtimeNs, ctimeNs }: Stats): string => [dev, ino, size, mtimeNs, ctimeNs].join(' ');

/** As in `Reading`; the reason where there is no such file. Follows links. */
const stampAt = (path: string): Promise<string> =>
  stat(path, { bigint: true }).then(stampOf, (error: unknown) => `! ${codeOf(error)}`);

/** How long the file is not looked at again, whatever happens around it. */
const restMs = 50;
/** How long it has to have been left alone. */
const quietMs = 150;

export interface Watching {
  close(): Promise<void>;
}

/**
 * Calls `changed` when the file is not what it was, once it has been left alone for a moment: an editor that writes piece by piece would
 * be read in between, and the first half of a file may well say something else than the whole. `changed` says
 * whether it has dealt with it, or wants to be called again later; it must not reject.
 */
export function watchFile(
  path: string,
  { pollMs, stamp }: { readonly pollMs: number; readonly stamp: string },
  changed: () => Promise<boolean>,
): Watching {
  const stop = new AbortController();
  const { signal } = stop;
  let known = stamp;
  let looking: Promise<void> | undefined;
  let again = false;

  const lookOnce = async (): Promise<void> => {
    await compare();
    // Other files of its folder may change all the time.
    await sleep(restMs, signal);
  };
  const compare = async (): Promise<void> => {
    let seen = await stampAt(path);
    while (seen !== known && !signal.aborted) {
      await sleep(quietMs, signal);
      const now = await stampAt(path);
      if (now === seen) {
        if (!signal.aborted) known = (await changed()) ? seen : '';
        return;
      }
      seen = now;
    }
  };
  const look = (): void => {
    again = looking !== undefined;
    looking ??= lookOnce().finally(() => {
      looking = undefined;
      if (again && !signal.aborted) look();
    });
  };

  const watcher = watchFolder(dirname(path), look);
  const timer = setInterval(look, pollMs);
  timer.unref();
  return {
    async close() {
      stop.abort();
      clearInterval(timer);
      watcher?.close();
      await looking;
    },
  };
}

/** Where the system has no watches to give, looking now and then must do. */
function watchFolder(folder: string, seen: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, seen);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
