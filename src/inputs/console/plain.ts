import type { Readable } from 'node:stream';
import { AsyncQueue } from '../../async/queue.ts';
import { InputError, maxMessageBytes } from '../input.ts';
import { type Line, lineSplitter } from './splitter.ts';

/** The lines of a file or a pipe. Reads no further than it is asked to. Ends at end of file and on abort. */
export async function* plainLines(input: Readable, signal: AbortSignal): AsyncGenerator<Line> {
  const splitter = lineSplitter(maxMessageBytes);
  const chunks = new AsyncQueue<Buffer>();
  const onData = (chunk: Buffer | string): void => {
    input.pause();
    chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  };
  const onEnd = (): void => chunks.end();
  const onError = (error: Error): void =>
    chunks.fail(new InputError('refused', `the console cannot be read: ${error.message}`, { cause: error }));
  input.on('data', onData).once('end', onEnd).once('close', onEnd).once('error', onError);
  signal.addEventListener('abort', onEnd, { once: true });
  if (input.readableEnded || input.destroyed || signal.aborted) chunks.end();
  hold(input, true);
  try {
    input.resume();
    for await (const chunk of chunks) {
      yield* splitter.push(chunk);
      input.resume();
    }
    if (!signal.aborted) yield* splitter.end();
  } finally {
    signal.removeEventListener('abort', onEnd);
    input.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onError);
    input.pause();
    hold(input, false);
  }
}

/** Whether the process goes on for what may still come: a pipe that nobody reads any more, and nobody closes, would hold it for ever. */
function hold(input: Readable, isHeld: boolean): void {
  const method = isHeld ? 'ref' : 'unref';
  const held: Readable & { ref?(): unknown; unref?(): unknown } = input;
  held[method]?.();
}
