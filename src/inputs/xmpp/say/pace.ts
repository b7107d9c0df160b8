import { sleep } from '../../../async/sleep.ts';

/** How often something may be said in a room: a few times at once, and then one after the other. */
export interface Pace {
  /** Resolves when it may be said, first come first served. Rejects with the signal's reason. */
  take(room: string, signal: AbortSignal): Promise<void>;
}

export interface PaceOptions {
  /** How many at once. */
  readonly burst: number;
  /** How long each of the others waits for the one before, in milliseconds. */
  readonly everyMs: number;
}

/** With more rooms, those that were silent are forgotten. */
const mostRooms = 1_000;

export function createPace({ burst, everyMs }: PaceOptions): Pace {
  /** When all that was said in a room would be said if it were said one after the other. */
  const doneAt = new Map<string, number>();
  return {
    async take(room, signal) {
      signal.throwIfAborted();
      const now = performance.now();
      if (doneAt.size >= mostRooms) for (const [name, done] of doneAt) if (done <= now) doneAt.delete(name);
      const done = Math.max(doneAt.get(room) ?? 0, now) + everyMs;
      doneAt.set(room, done);
      const waitMs = done - burst * everyMs - now;
      if (waitMs <= 0) return;
      await sleep(waitMs, signal);
      signal.throwIfAborted();
    },
  };
}
