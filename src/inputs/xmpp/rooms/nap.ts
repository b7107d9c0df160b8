import { sleep } from '../../../async/sleep.ts';

/** A wait that can be cut short. */
export interface Nap {
  /** Resolves after so many milliseconds, when woken, or when `signal` aborts. */
  take(ms: number, signal: AbortSignal): Promise<void>;
  wake(): void;
}

export function createNap(): Nap {
  let controller: AbortController | undefined;
  return {
    async take(ms, signal) {
      const mine = new AbortController();
      controller = mine;
      const wake = (): void => mine.abort();
      signal.addEventListener('abort', wake, { once: true });
      if (signal.aborted) wake();
      await sleep(ms, mine.signal);
      signal.removeEventListener('abort', wake);
    },
    wake: () => controller?.abort(),
  };
}
