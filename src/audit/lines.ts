import { type FileHandle, open } from 'node:fs/promises';

export interface FileLine {
  /** Without the line break. */
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

/** Some lines of a file, and at its end what is behind the last line break. */
export interface Piece {
  readonly lines: readonly FileLine[];
  /** Undefined as long as there is more, and when the file ends with a line break. */
  readonly torn?: Torn | undefined;
}

/** The beginning of a line that was never finished. */
export interface Torn {
  /** Where it begins, in bytes. */
  readonly at: number;
  readonly bytes: Buffer;
  readonly number: number;
}

const pieceBytes = 262_144;
/** No line of ours is nearly as long. More than that without a line break is cut, so that a file which is no audit does not fill the memory. */
const maxLineBytes = 8 * 1_048_576;
const lineBreak = 10;

/** The lines of a file from its first on. A file that is not there has none. */
export async function* linesOf(path: string): AsyncGenerator<Piece> {
  const file = await openIfThere(path);
  if (file === undefined) return;
  try {
    const chunk = Buffer.allocUnsafe(pieceBytes);
    let rest: Buffer = Buffer.alloc(0);
    let at = 0;
    let number = 0;
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0) break;
      at += bytesRead;
      const bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      const lines: FileLine[] = [];
      let start = 0;
      for (let end = bytes.indexOf(lineBreak); end >= 0; end = bytes.indexOf(lineBreak, start)) {
        number += 1;
        lines.push({ text: bytes.toString('utf8', start, end), number });
        start = end + 1;
      }
      rest = bytes.subarray(start);
      if (rest.length > maxLineBytes) {
        number += 1;
        lines.push({ text: rest.toString('utf8'), number });
        rest = Buffer.alloc(0);
      }
      yield { lines };
    }
    if (rest.length > 0) yield { lines: [], torn: { at: at - rest.length, bytes: rest, number: number + 1 } };
  } finally {
    await file.close();
  }
}

/** The whole lines of a file, some at a time, from its last to its first. A file that is not there has none. */
export async function* linesBackwards(path: string): AsyncGenerator<readonly string[]> {
  const file = await openIfThere(path);
  if (file === undefined) return;
  try {
    let at = await endOfLines(file);
    /** Read and not told yet: of a line that begins further ahead. It ends with a line break. */
    let rest: Buffer = Buffer.alloc(0);
    while (at > 0) {
      const length = Math.min(pieceBytes, at);
      at -= length;
      const bytes = Buffer.concat([await readAll(file, at, length), rest]);
      const from = at === 0 ? 0 : bytes.indexOf(lineBreak) + 1;
      rest = bytes.subarray(0, from);
      if (from < bytes.length)
        yield bytes
          .toString('utf8', from, bytes.length - 1)
          .split('\n')
          .reverse();
    }
  } finally {
    await file.close();
  }
}

/** Behind the last line break, in bytes. */
async function endOfLines(file: FileHandle): Promise<number> {
  let { size: at } = await file.stat();
  while (at > 0) {
    const length = Math.min(pieceBytes, at);
    at -= length;
    const last = (await readAll(file, at, length)).lastIndexOf(lineBreak);
    if (last >= 0) return at + last + 1;
  }
  return 0;
}

async function readAll(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, at + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
