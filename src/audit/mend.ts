import { appendFile, open, stat, truncate } from 'node:fs/promises';
import { AuditError } from './audit.ts';
import { intactHash } from './line.ts';
import { linesOf, type Torn } from './lines.ts';
import { lastOf } from './store.ts';

/** What there was of a last line that is not whole, and where it is kept now. */
export interface Aside {
  readonly kept: string;
  readonly bytes: number;
}

/**
 * Makes a file end with a whole line. What stands behind the last line break is kept beside the file, unless only the break is missing: then it
 * gets one. Undefined: nothing was put aside. Throws an `AuditError` (`broken`) for a file that holds something else than an audit.
 */
export async function mend(path: string, now: number): Promise<Aside | undefined> {
  const torn = await tornOf(path);
  if (torn === undefined) return undefined;
  if (intactHash(torn.bytes.toString()) !== undefined) {
    await appendFile(path, '\n');
    return undefined;
  }
  const isOurs = torn.at === 0 ? beginsLikeRecord(torn.bytes) : (await lastOf(path)) !== undefined;
  if (!isOurs) throw new AuditError('broken', `${path} is no audit`);
  const kept = `${path}.torn-${new Date(now).toISOString().replaceAll(':', '')}`;
  const aside = await open(kept, 'a', 0o600);
  try {
    await aside.writeFile(torn.bytes);
    await aside.sync();
  } finally {
    await aside.close();
  }
  await truncate(path, torn.at);
  return { kept, bytes: torn.bytes.length };
}

/** How many bytes there are; 0 for a file that is not there. */
export const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? 0 : Promise.reject(error)),
  );

async function tornOf(path: string): Promise<Torn | undefined> {
  let torn: Torn | undefined;
  for await (const piece of linesOf(path)) ({ torn } = piece);
  return torn;
}

const recordBegin = '{"seq":1,"at":"';

/** Zeros are what a loss of power leaves of a file that had just grown. */
const beginsLikeRecord = (bytes: Buffer): boolean => {
  const begin = bytes.toString('latin1', 0, recordBegin.length);
  return recordBegin.startsWith(begin) || /^\0+$/.test(begin);
};
