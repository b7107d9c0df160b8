import { sleep } from '../../../async/sleep.ts';

/** How often something may be done: a few times at once, and then one after the other. */
export interface Bucket {
  /** Resolves when it may be done, first come first served. Rejects with the signal's reason. */
  take(signal: AbortSignal): Promise<void>;
  /** True when it may be done now. */
  tryTake(): boolean;
  /** It was done, whether it was time or not. */
  charge(): void;
  /** Nothing was done for so long that this is as good as a new one. */
  readonly isFull: boolean;
}

export interface BucketOptions {
  /** How many at once. */
  readonly burst: number;
  /** How long each of the others waits for the one before. */
  readonly everyMs: number;
}

export function createBucket({ burst, everyMs }: BucketOptions): Bucket {
  /** When all that was done would be done if it were done one after the other. */
  let doneAt = 0;
  const charge = (): number => {
    const now = performance.now();
    doneAt = Math.max(doneAt, now) + everyMs;
    return doneAt - burst * everyMs - now;
  };
  return {
    async take(signal) {
      signal.throwIfAborted();
      const waitMs = charge();
      if (waitMs <= 0) return;
      await sleep(waitMs, signal);
      signal.throwIfAborted();
    },
    tryTake() {
      if (doneAt + everyMs - burst * everyMs > performance.now()) return false;
      charge();
      return true;
    },
    charge() {
      charge();
    },
    get isFull() {
      return doneAt <= performance.now();
    },
  };
}
