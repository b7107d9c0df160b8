import { sleep } from './sleep.ts';

/** Milliseconds before each try: some minutes in all. */
const waits: readonly number[] = [0, 1_000, 5_000, 30_000, 120_000];

/**
 * Does something that may fail a few times before it works. Resolves with undefined when it worked, or with the last error when it never
 * did; with undefined too when `signal` aborts, since nobody wants it any more.
 */
export async function attempts(
  work: () => Promise<void>,
  signal: AbortSignal,
  waitsMs: readonly number[] = waits,
): Promise<unknown> {
  let last: unknown;
  for (const waitMs of waitsMs) {
    await sleep(waitMs, signal);
    if (signal.aborted) return undefined;
    try {
      await work();
      return undefined;
    } catch (error) {
      last = error;
    }
  }
  return last;
}
