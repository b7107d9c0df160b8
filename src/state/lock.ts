import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StateError } from './state.ts';

export interface Lock {
  release(): Promise<void>;
}

/** Who holds a lock: the number of a process is given again, the moment of its start is not. */
interface Holder {
  readonly pid: number;
  readonly started: string;
  /** Of the machine's start: after a restart nobody holds anything. */
  readonly boot: string;
}

/**
 * Takes a directory for this process. A process that was killed holds nothing any more. Throws a `StateError` (`in_use`) that names
 * the process that has it.
 */
export async function lockDirectory(directory: string): Promise<Lock> {
  const path = join(directory, 'lock');
  const own = JSON.stringify(self());
  for (;;) {
    if (await create(path, own)) return { release: () => unlink(path).catch(() => {}) };
    const text = await readFile(path, 'utf8').catch(() => '');
    const holder = readHolder(text);
    if (holder !== undefined && isAlive(holder)) {
      throw new StateError(
        'in_use',
        `${directory} belongs to the process ${holder.pid}: a second bot needs a directory of its own`,
      );
    }
    await takeAway(path, text);
  }
}

/** The file has its text from the moment on that it is there. */
async function create(path: string, text: string): Promise<boolean> {
  const draft = draftOf(path);
  try {
    await writeFile(draft, text, { mode: 0o600 });
    await link(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StateError('unavailable', `${path} cannot be written: ${reason}`, { cause: error });
  } finally {
    await unlink(draft).catch(() => {});
  }
}

/** Takes the lock of a dead process away. Of several who try the renaming lets one through; one that came too late puts back what it took. */
async function takeAway(path: string, text: string): Promise<void> {
  const taken = draftOf(path);
  try {
    await rename(path, taken);
  } catch {
    return;
  }
  if ((await readFile(taken, 'utf8').catch(() => text)) !== text) await link(taken, path).catch(() => {});
  await unlink(taken).catch(() => {});
}

const draftOf = (path: string): string => `${path}.${process.pid}-${randomUUID()}`;

const self = (): Holder => ({ pid: process.pid, started: startOf(process.pid) ?? '', boot: bootId() });

function isAlive({ pid, started, boot }: Holder): boolean {
  if (boot !== bootId()) return false;
  const now = startOf(pid);
  if (now !== undefined) return now === started;
  // No /proc: the number is all there is to go by.
  if (started !== '') return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Field 22 of `/proc/PID/stat`, behind the name, which may hold anything. */
function startOf(pid: number): string | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  return stat === undefined ? undefined : stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

const bootId = (): string => readText('/proc/sys/kernel/random/boot_id')?.trim() ?? '';

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function readHolder(text: string): Holder | undefined {
  try {
    const { pid, started, boot } = JSON.parse(text) as Partial<Holder>;
    return typeof pid === 'number' && typeof started === 'string' && typeof boot === 'string'
      ? { pid, started, boot }
      : undefined;
  } catch {
    return undefined;
  }
}
