import { writeSync } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fullFile, fullFiles } from './files.ts';
import type { Head } from './line.ts';
import { linesBackwards } from './lines.ts';
import { glance } from './record.ts';

/** The file that is written to. What is done to it is done one after the other: nobody calls before the last call has ended. */
export interface Store {
  /** Appends all of it or, when that fails, nothing: what a full disk took of it is taken back. */
  append(text: string): Promise<void>;
  /** What is in it goes to the disk, where it survives a loss of power. */
  sync(): Promise<void>;
  /** What somebody else did to the file since it was opened or looked at last; undefined: nothing. */
  look(): Promise<string | undefined>;
  /** It has as many bytes as a file may have: the next record begins another one. */
  readonly isFull: boolean;
  /** Puts the full file aside and begins another. Returns what need not be kept any more: it goes when something was appended, which is to tell of it. */
  rotate(): Promise<readonly Removed[]>;
  close(): Promise<void>;
}

export interface Removed {
  readonly file: string;
  /** The last record in it. */
  readonly upTo: number;
}

export interface StoreOptions {
  readonly path: string;
  readonly maxBytes: number;
  /** Undefined: all of them. */
  readonly keep: number | undefined;
}

/** A disk that takes a few records so long is slow, and is given time for so long. */
const slowMs = 20;
const patienceMs = 60_000;

/** For as much as is written at once under load. */
const roomBytes = 262_144;
/** Of UTF-8, for each unit of a string, at most. */
const bytesPerUnit = 3;

/** The file ends with a whole line, or is not there. */
export async function openStore({ path, maxBytes, keep }: StoreOptions): Promise<Store> {
  let file = await openAppending(path);
  let { size, ino } = await file.stat();
  /** There may be more in the file than belongs there. */
  let isDirty = false;
  /** Somebody left a line unfinished: ours must not become a part of it. */
  let isWithinLine = false;

  /** Kept: a new one for each append has the collector run all the time. Whoever calls waits until what is in it was written. */
  const room = Buffer.allocUnsafeSlow(roomBytes);
  const bytesOf = (text: string): Buffer =>
    text.length * bytesPerUnit > roomBytes ? Buffer.from(text) : room.subarray(0, room.write(text));

  const cutBack = async (): Promise<void> => {
    await file.truncate(size);
    isDirty = false;
  };

  /** The disk was slow, and is not to hold up everybody until then: milliseconds of the monotonic clock. */
  let patientUntil = 0;

  /** At once, which costs half, as long as the disk takes it at once. */
  const writeSome = (bytes: Buffer, done: number): number | Promise<number> => {
    const startedAt = performance.now();
    if (startedAt < patientUntil) return file.write(bytes, done).then(({ bytesWritten }) => bytesWritten);
    const written = writeSync(file.fd, bytes, done);
    const endedAt = performance.now();
    if (endedAt - startedAt > slowMs) patientUntil = endedAt + patienceMs;
    return written;
  };
  const writeAll = async (bytes: Buffer): Promise<void> => {
    let done = 0;
    while (done < bytes.length) done += await writeSome(bytes, done);
  };

  /** Whatever is wrong with the file by its name: we write to that one from now on. */
  const reopen = async (): Promise<void> => {
    const next = await openAppending(path);
    await file.close().catch(() => {});
    file = next;
    ({ size, ino } = await file.stat());
    isDirty = false;
  };

  let outdated: readonly Removed[] = [];
  const prune = async (): Promise<readonly Removed[]> => {
    if (keep === undefined) return [];
    const full = await fullFiles(path);
    const old = full.slice(0, Math.max(0, full.length - keep)).map((each) => each.path);
    outdated = await Promise.all(old.map(async (file) => ({ file, upTo: (await lastOf(file))?.seq ?? 0 })));
    return outdated;
  };
  const removeOutdated = async (): Promise<void> => {
    const some = outdated;
    outdated = [];
    // What cannot be removed is told of again with the next that is full.
    for (const { file: old } of some) await rm(old, { force: true }).catch(() => {});
  };

  return {
    async append(text) {
      if (isDirty) await cutBack();
      const bytes = bytesOf(isWithinLine ? `\n${text}` : text);
      isDirty = true;
      try {
        await writeAll(bytes);
      } catch (error) {
        // When not even this can be done, it is before the next append.
        await cutBack().catch(() => {});
        throw error;
      }
      isDirty = false;
      isWithinLine = false;
      size += bytes.length;
      if (outdated.length > 0) await removeOutdated();
    },
    sync: () => ifSupported(file.datasync()),
    async look() {
      const named = await stat(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (named?.ino !== ino) {
        await reopen();
        isWithinLine = await endsWithinLine(path);
        return named === undefined ? 'removed' : 'replaced';
      }
      if (isDirty || named.size === size) return undefined;
      const how = named.size < size ? 'cut off' : 'written to';
      isWithinLine = await endsWithinLine(path);
      ({ size } = named);
      return how;
    },
    get isFull() {
      return size >= maxBytes;
    },
    async rotate() {
      await ifSupported(file.datasync());
      const last = (await fullFiles(path)).at(-1)?.number ?? 0;
      const aside = fullFile(path, last + 1);
      await rename(path, aside);
      try {
        await reopen();
      } catch (error) {
        await rename(aside, path);
        throw error;
      }
      return await prune();
    },
    close: () => file.close(),
  };
}

async function endsWithinLine(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const { bytesRead, buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    return bytesRead === 1 && buffer.toString() !== '\n';
  } finally {
    await file.close();
  }
}

/** The end of the chain as it stands in a file; undefined when there is no record in it. */
export async function lastOf(path: string): Promise<Head | undefined> {
  for await (const lines of linesBackwards(path)) {
    for (const line of lines) {
      const record = glance(line);
      if (record !== undefined) return { seq: record.seq, hash: record.hash };
    }
  }
  return undefined;
}

/** A new file has its name on the disk, too. */
async function openAppending(path: string): Promise<FileHandle> {
  const file = await open(path, 'a', 0o600);
  const folder = await open(dirname(path), 'r');
  try {
    await ifSupported(folder.sync());
  } catch (error) {
    await file.close();
    throw error;
  } finally {
    await folder.close();
  }
  return file;
}

/** Some file systems have nothing of that kind. */
async function ifSupported(syncing: Promise<void>): Promise<void> {
  try {
    await syncing;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EINVAL' && code !== 'ENOSYS' && code !== 'ENOTSUP') throw error;
  }
}
