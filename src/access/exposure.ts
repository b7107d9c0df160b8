import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

const othersWrite = 0o022;
/** In such a folder nobody moves what is somebody else's. */
const isSticky = 0o1000;

/**
 * Who else than its owner may change a file, or put another in its place, as a sentence; undefined when nobody may, or where modes mean
 * nothing. Follows links: what they lead to counts, and so does the folder in which they stand.
 */
export async function exposureOf(path: string): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined;
  try {
    const file = await realpath(path);
    const folders = new Set([await realpath(dirname(path)), dirname(file)]);
    const open = (await Promise.all([exposed(file, 0), ...[...folders].map((each) => exposed(each, isSticky))])).flat();
    return open.length === 0 ? undefined : `others than the owner may write ${open.join(' and ')}`;
  } catch {
    // What cannot be read is told by whoever reads it.
    return undefined;
  }
}

/** `closed`: a mode with that bit lets nobody else do harm. */
async function exposed(path: string, closed: number): Promise<readonly string[]> {
  const { mode } = await stat(path);
  if ((mode & othersWrite) === 0 || (mode & closed) !== 0) return [];
  return [`${path} (mode ${(mode & 0o7777).toString(8).padStart(4, '0')})`];
}
