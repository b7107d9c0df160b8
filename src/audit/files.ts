import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A file that is full, with its number: the first one is 1. */
export interface FullFile {
  readonly path: string;
  readonly number: number;
}

export const fullFile = (path: string, number: number): string => `${path}.${number}`;

/** The files of the audit at `path` that are full, oldest first. */
export async function fullFiles(path: string): Promise<readonly FullFile[]> {
  const name = basename(path);
  const folder = dirname(path);
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries
    .filter((each) => each.isFile())
    .map((each) => each.name)
    .filter((each) => each.startsWith(`${name}.`) && /^[1-9]\d{0,14}$/.test(each.slice(name.length + 1)))
    .map((each) => ({ path: join(folder, each), number: Number(each.slice(name.length + 1)) }))
    .sort((one, other) => one.number - other.number);
}

/** All files of the audit at `path`, oldest first; the one that is written to is the last, whether it is there or not. */
export const auditFiles = async (path: string): Promise<readonly string[]> => [
  ...(await fullFiles(path)).map((full) => full.path),
  path,
];

/** Reads all files in one state: once more, when a file became full meanwhile. */
export async function readUnmoved<T>(path: string, read: (files: readonly string[]) => Promise<T>): Promise<T> {
  for (;;) {
    const files = await auditFiles(path);
    const result = await read(files);
    const after = await auditFiles(path);
    if (after.at(-2) === files.at(-2)) return result;
  }
}
