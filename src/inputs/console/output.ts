import type { Writable } from 'node:stream';
import { InputError } from '../input.ts';

/** Where answers are written. */
export interface Output {
  /** Resolves when the text was taken, or when nobody reads any more. */
  write(text: string): Promise<void>;
  /** Aborts when nothing can be written any more. The reason is an `InputError` unless the reader just left. */
  readonly gone: AbortSignal;
}

/** What a write says when the reader left: a closed pipe, a terminal that was hung up. */
const leaving: ReadonlySet<string | undefined> = new Set(['EPIPE', 'EIO', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

export function openOutput(stream: Writable): Output {
  const gone = new AbortController();
  // Stays for good: the error of the last write may come after everything else.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (leaving.has(error.code)) gone.abort();
    else gone.abort(new InputError('refused', `the console cannot be written: ${error.message}`, { cause: error }));
  });
  stream.once('close', () => gone.abort());
  return {
    gone: gone.signal,
    write: (text) =>
      new Promise((resolve) => {
        if (gone.signal.aborted) resolve();
        else stream.write(text, () => resolve());
      }),
  };
}
