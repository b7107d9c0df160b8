import { createBag } from '../async/bag.ts';
import { withResolvers } from '../async/queue.ts';
import type { Message } from '../inputs/input.ts';
import type { DueOutcome } from './schedule/schedules.ts';

/** What waits for nothing in its conversation. */
export interface Apart {
  readonly size: number;
  /** Begins it at once. Resolves when `work` calls `done`; the message is settled then. */
  run(message: Message, work: (done: (outcome: DueOutcome) => void) => void): Promise<DueOutcome>;
  /** Who leaves waits for this, too. It must not reject. */
  hold(work: Promise<void>): void;
  /** Resolves when there is nothing any more, nor what it began. */
  idle(): Promise<void>;
}

export function createApart(settle: (message: Message, outcome: DueOutcome) => void): Apart {
  const running = createBag<Promise<unknown>>();
  return {
    get size() {
      return running.size;
    },
    run(message, work) {
      const { promise, resolve } = withResolvers<DueOutcome>();
      const place = running.add(promise);
      work((outcome) => {
        running.remove(place);
        settle(message, outcome);
        resolve(outcome);
      });
      return promise;
    },
    hold(work) {
      const place = running.add(work);
      void work.then(() => running.remove(place));
    },
    async idle() {
      // What ends may have begun something more.
      while (running.size > 0) await Promise.all(running.places().map(({ value }) => value));
    },
  };
}
