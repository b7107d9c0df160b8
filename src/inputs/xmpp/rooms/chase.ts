import { sleep } from '../../../async/sleep.ts';
import { createNap } from './nap.ts';
import { newId } from './stanzas.ts';
import type { Timing } from './timing.ts';

/** Gets the nick that we want, while somebody else has it. */
export interface Chase {
  /** Until `signal` aborts, or `isDone`. */
  run(signal: AbortSignal): Promise<void>;
  /** Its owner left, or changed the nick. */
  freed(): void;
  /** True when it was our wish for the nick that was refused. */
  refused(id: string): boolean;
}

export interface ChaseOptions {
  readonly ask: (id: string) => void;
  readonly isDone: () => boolean;
  readonly timing: Timing;
}

export function createChase({ ask, isDone, timing }: ChaseOptions): Chase {
  const nap = createNap();
  let asked = '';
  let isFreed = false;
  return {
    async run(signal) {
      while (!signal.aborted && !isDone()) {
        if (!isFreed) await nap.take(timing.nickMs, signal);
        isFreed = false;
        if (signal.aborted || isDone()) return;
        asked = newId();
        ask(asked);
        // Somebody who comes and goes all the time does not make us do the same.
        await sleep(timing.nickGapMs, signal);
      }
    },
    freed() {
      isFreed = true;
      nap.wake();
    },
    refused: (id) => id !== '' && id === asked,
  };
}

const mostSubstitutes = 9;

/** What to be called instead when a nick was taken so many times in a row; undefined when that was often enough. */
export function substitute(nick: string, taken: number): string | undefined {
  if (taken === 0) return nick;
  if (taken > mostSubstitutes) return undefined;
  return taken === 1 ? `${nick}_` : `${nick}_${taken}`;
}
