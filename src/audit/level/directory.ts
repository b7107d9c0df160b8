import { type FileHandle, chmod, lchown, mkdir, open, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AuditError } from '../audit.ts';

// What stands in the directory beside the files of LevelDB, which leaves all others alone.

/** Says that the database is an audit: without it, nothing is touched. */
const marker = 'micro-audit';
const format = '2\n';
/** The lock is beside this name, in the directory: who may write there may take it. */
const holder = 'holder';

export const lockPath = (directory: string): string => join(directory, holder);

/** The place of a record that is on the disk, with all before it. */
const synced = 'synced';
const syncedDigits = 16;

/** What LevelDB leaves behind when it is killed while it makes a database: there is no record in any of them. */
const halfMade = /^(?:LOCK|LOG|LOG\.old|MANIFEST-\d+|\d+\.dbtmp)$/;
const isOurs = (name: string): boolean => name === marker || name === synced || name.startsWith(`${holder}.`);

/**
 * What is in a directory: an audit, or nothing yet. Throws an `AuditError` (`broken`) when it is something else: LevelDB would make a database of
 * its own there, and takes away what it does not know.
 */
export async function lookInto(directory: string): Promise<'audit' | 'nothing'> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException): readonly string[] => {
    if (error.code === 'ENOENT') return [];
    if (error.code === 'ENOTDIR')
      throw new AuditError('broken', `${directory} is no directory, but a file`, { cause: error });
    throw error;
  });
  const others = names.filter((name) => !isOurs(name));
  if (names.includes(marker)) {
    await checkFormat(directory);
    if (names.includes('CURRENT')) return 'audit';
    const lost = others.find((name) => !halfMade.test(name));
    if (lost !== undefined) {
      throw new AuditError(
        'broken',
        `the database in ${directory} is damaged: the file CURRENT is missing, ${lost} is there`,
      );
    }
    return 'nothing';
  }
  if (others.length > 0) {
    throw new AuditError('broken', `${directory} is no audit: there is something else in it, ${others[0]}`);
  }
  return 'nothing';
}

async function checkFormat(directory: string): Promise<void> {
  const text = await readFile(join(directory, marker), 'utf8');
  // Killed before anything was in it: then there is nothing else either.
  if (text !== format && text !== '') {
    throw new AuditError('broken', `the audit in ${directory} is of another version of this program`);
  }
}

/** Makes the directory one of an audit, for nobody but its owner. */
export async function claim(directory: string): Promise<void> {
  await mkdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await chmod(directory, 0o700);
  await writeFile(join(directory, marker), format, { mode: 0o600 });
}

/** Tells directories apart that had the same name one after the other. Undefined: there is no audit in it any more. */
export async function identityOf(directory: string): Promise<number | undefined> {
  try {
    await stat(join(directory, 'CURRENT'));
    return (await stat(join(directory, marker))).ino;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/**
 * What was written goes to the disk. LevelDB can only do so for the file that it writes to: what is in an earlier one, which is not yet in a table, would be
 * left out.
 */
export async function syncLogs(directory: string): Promise<void> {
  for (const name of await logsIn(directory)) await withFile(join(directory, name), 'r+', (file) => file.datasync());
  await withFile(directory, 'r', (folder) => folder.sync());
}

/**
 * What is on the disk by now is noted, so that it is missed when it is not there any more: LevelDB takes a log that is cut off, or gone, for one that ends there.
 * Without it nothing but that is lost, so nobody hears when it cannot be written.
 */
export async function noteSynced(directory: string, place: number): Promise<void> {
  const path = join(directory, synced);
  try {
    const text = `${String(place).padStart(syncedDigits, '0')}\n`;
    // In its place, for which a full disk has room.
    const file = await open(path, 'r+').catch(() => open(path, 'w', 0o600));
    try {
      await file.write(text, 0);
    } finally {
      await file.close();
    }
  } catch {
    return;
  }
}

/** 0: nothing was noted. */
export async function syncedPlace(directory: string): Promise<number> {
  const text = await readFile(join(directory, synced), 'latin1').catch(() => '');
  return /^\d{16}\n$/.test(text) ? Number(text) : 0;
}

/** How many bytes are in no table yet. They are written once more when the database is opened. */
export async function logBytes(directory: string): Promise<number> {
  let sum = 0;
  for (const name of await logsIn(directory)) {
    sum += await stat(join(directory, name)).then(
      ({ size }) => size,
      () => 0,
    );
  }
  return sum;
}

async function logsIn(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => /^\d+\.log$/.test(name));
}

/** Rejects when so many bytes cannot be written there. */
export async function tryRoom(directory: string, bytes: number): Promise<void> {
  const path = join(directory, `${holder}.room`);
  try {
    await writeFile(path, Buffer.alloc(bytes), { mode: 0o600 });
  } finally {
    await rm(path, { force: true });
  }
}

/** Bytes that LevelDB found unreadable when it was opened, as it noted itself. */
export async function droppedBytes(directory: string): Promise<number> {
  const text = await readFile(join(directory, 'LOG'), 'latin1').catch(() => '');
  return [...text.matchAll(/: dropping (\d+) bytes; /g)].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
}

/** Who reads as root leaves nothing behind that the bot may not read. */
export async function giveBack(directory: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(directory);
  if (uid === 0) return;
  for (const name of await readdir(directory)) await lchown(join(directory, name), uid, gid);
}

/** What is gone meanwhile, and file systems that have nothing of that kind, are passed over. */
async function withFile(path: string, flags: string, work: (file: FileHandle) => Promise<void>): Promise<void> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, flags);
    await work(file);
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'ENOENT' && code !== 'EINVAL' && code !== 'ENOSYS' && code !== 'ENOTSUP') throw error;
  } finally {
    await file?.close();
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
