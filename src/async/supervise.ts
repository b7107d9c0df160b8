import { sleep } from './sleep.ts';

export interface SuperviseOptions {
  readonly signal: AbortSignal;
  /** First wait after a failure, in milliseconds. Doubles up to `maxDelayMs`. Default 100. */
  readonly minDelayMs?: number;
  /** Default 30,000. */
  readonly maxDelayMs?: number;
  /** Called once for each failure, with the wait that follows. */
  readonly onFailure?: (error: unknown, delayMs: number) => void;
}

/**
 * Runs `task` until `signal` aborts, starting it again whenever it ends or throws. The waits grow and are jittered (each is
 * between half and the whole of the step). A task calls `healthy` when it works again: the next failure waits the first step.
 */
export async function supervise(
  task: (signal: AbortSignal, healthy: () => void) => Promise<void>,
  options: SuperviseOptions,
): Promise<void> {
  const { signal, minDelayMs = 100, maxDelayMs = 30_000, onFailure } = options;
  let step = minDelayMs;
  while (!signal.aborted) {
    let error: unknown = new Error('ended');
    try {
      await task(signal, () => {
        step = minDelayMs;
      });
    } catch (thrown) {
      error = thrown;
    }
    if (signal.aborted) return;
    const delayMs = step / 2 + (Math.random() * step) / 2;
    step = Math.min(step * 2, maxDelayMs);
    onFailure?.(error, delayMs);
    await sleep(delayMs, signal);
  }
}
