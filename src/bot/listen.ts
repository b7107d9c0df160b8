import { supervise } from '../async/supervise.ts';
import { type Input, InputError, type Message } from '../inputs/input.ts';
import type { Log } from '../log/log.ts';

/** A connection that held this long was a good one: when it is lost, waiting starts from the beginning. */
const steadyMs = 60_000;

/**
 * Reads an input until it ends by itself or `signal` aborts, and connects again whenever it is lost. Returns the error that makes
 * trying again useless, if that is how it ended.
 */
export async function listen(
  input: Input,
  accept: (message: Message) => void,
  signal: AbortSignal,
  log: Log,
): Promise<InputError | undefined> {
  const over = new AbortController();
  const onAbort = (): void => over.abort();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) over.abort();
  let useless: InputError | undefined;

  const read = async (listening: AbortSignal, healthy: () => void): Promise<void> => {
    const startedAt = performance.now();
    try {
      for await (const message of input.messages(listening)) {
        healthy();
        accept(message);
      }
      over.abort();
    } catch (error) {
      if (performance.now() - startedAt > steadyMs) healthy();
      if (!(error instanceof InputError) || error.code === 'unavailable') throw error;
      useless = error;
      over.abort();
    }
  };

  await supervise(read, {
    signal: over.signal,
    minDelayMs: 1_000,
    maxDelayMs: 30_000,
    onFailure: (error, delayMs) =>
      log.warn('input lost, connecting again', { input: input.name, delayMs: Math.round(delayMs), error }),
  });
  signal.removeEventListener('abort', onAbort);
  return useless;
}
