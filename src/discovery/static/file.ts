import { readFile, stat } from 'node:fs/promises';
import type { Log } from '../../log/log.ts';
import { RegistryError, type ServiceRecord } from '../registry.ts';
import { readServices } from './services.ts';

/** A file that others write. */
export interface ServicesFile {
  /**
   * Reads it again if it changed since. Resolves to what is in it, or was when it was good the last time: the same array while it does not
   * change. Rejects when it never was: with
   * `unavailable` when it can't be read, with `invalid` when it is broken.
   */
  read(): Promise<readonly ServiceRecord[]>;
}

/** What a change of the file changes. A link is followed: the file it leads to counts. */
interface Mark {
  readonly text: string;
  /** It may have been written twice within the tick of the file system's clock, so one mark of it says nothing yet. */
  readonly isFresh: boolean;
}

/** No file system's clock ticks slower. */
const freshMs = 2000;
/** Who writes into a file in place is not done at once, nor is who takes one away to put another there. */
const graceMs = 200;

export function servicesFile(path: string, log: Log): ServicesFile {
  let good: readonly ServiceRecord[] | undefined;
  let mark: Mark | undefined;
  let content: string | undefined;
  let error: RegistryError | undefined;
  let suspicion: { readonly message: string; readonly since: number } | undefined;
  let logged: string | undefined;
  let reading: Promise<void> | undefined;

  const found = (records: readonly ServiceRecord[]): void => {
    if (logged !== undefined) log.info('the file of services is good again', { path });
    [good, error, suspicion, logged] = [records, undefined, undefined, undefined];
  };

  const failed = (reason: RegistryError): void => {
    error = reason;
    // Also of a file that is written anew all the time.
    const { message } = reason;
    if (suspicion?.message !== message) suspicion = { message, since: performance.now() };
    else if (good !== undefined && logged !== message && performance.now() - suspicion.since >= graceMs) {
      log.warn('the file of services can not be used, those that were in it stay', { path, error: reason });
      logged = message;
    }
  };

  const readAgain = async (): Promise<void> => {
    try {
      const next = await markOf(path);
      if (next.text === mark?.text && !mark.isFresh && error?.code !== 'unavailable') {
        if (error !== undefined) failed(error);
        return;
      }
      mark = next;
      const text = await readFile(path, 'utf8');
      if (text === content && error === undefined) return;
      content = text;
      found(readServices(text.replace(/^\uFEFF/, '')));
    } catch (thrown) {
      failed(errorOf(thrown, path));
    }
  };

  return {
    async read() {
      reading ??= readAgain().finally(() => {
        reading = undefined;
      });
      await reading;
      if (good !== undefined) return good;
      throw error ?? new RegistryError('unavailable', `cannot read ${path}`);
    },
  };
}

async function markOf(path: string): Promise<Mark> {
  const found = await stat(path, { bigint: true });
  // Opening a pipe would wait for somebody who writes.
  if (!found.isFile()) throw new RegistryError('invalid', 'it is no file');
  const { dev, ino, size, mtimeNs, ctimeNs, mtimeMs } = found;
  return { text: [dev, ino, size, mtimeNs, ctimeNs].join(), isFresh: Math.abs(Date.now() - Number(mtimeMs)) < freshMs };
}

function errorOf(thrown: unknown, path: string): RegistryError {
  if (thrown instanceof RegistryError)
    return new RegistryError(thrown.code, `${path}: ${thrown.message}`, { cause: thrown });
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new RegistryError('unavailable', `cannot read ${path}: ${reason}`, { cause: thrown });
}
