import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { inTime } from '../async/in-time.ts';

/** How long a file system has to answer. */
const patienceMs = 10_000;

/**
 * Makes a folder, and those above it, for nobody but their owner. What is there already stays as it is. Rejects with a sentence where that cannot be, and
 * where the file system does not answer.
 */
export const makeFolder = (path: string): Promise<void> =>
  inTime(make(resolve(path)), patienceMs, () => {
    throw new Error(`its file system has not answered for ${patienceMs / 1_000} s`);
  });

// Not `recursive`: below /proc and behind a symbolic link that leads nowhere Node tries that for ever, on a thread of its own.
async function make(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
    return;
  } catch (error) {
    if (await isFolder(path)) return;
    if (codeOf(error) !== 'ENOENT') throw refused(path, error);
  }
  // Somebody may have made it meanwhile.
  const above = dirname(path);
  if (!(await isFolder(above))) await make(above);
  await makeAlone(path);
}

/** Its folder is there; others may make it at the same time. */
async function makeAlone(path: string): Promise<void> {
  await mkdir(path, { mode: 0o700 }).catch(async (error: unknown) => {
    if (!(await isFolder(path))) throw refused(path, error);
  });
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

function refused(path: string, error: unknown): Error {
  switch (codeOf(error)) {
    case 'ENOENT':
      return new Error(`no folder can be made in ${dirname(path)}`, { cause: error });
    case 'EEXIST':
    case 'ENOTDIR':
      return new Error(`${path} is no folder, or something above it is none`, { cause: error });
    case 'EACCES':
    case 'EPERM':
      return new Error(`this user may not make a folder in ${dirname(path)}`, { cause: error });
    case 'EROFS':
      return new Error(`nothing can be written in ${dirname(path)}`, { cause: error });
    default:
      return error instanceof Error ? error : new Error(String(error));
  }
}
