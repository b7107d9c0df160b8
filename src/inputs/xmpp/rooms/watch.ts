import { createNap } from './nap.ts';
import type { Membership } from './self-ping.ts';
import type { Timing } from './timing.ts';

/** Looks now and then whether we still are where we think we are. */
export interface Watch {
  /** Until `signal` aborts, or we are out. `isUrgent` looks at once. */
  run(signal: AbortSignal, isUrgent: boolean): Promise<void>;
  /** Something is odd: looks now. */
  suspect(): void;
}

export interface WatchOptions {
  /** Never rejects. */
  readonly ask: (signal: AbortSignal) => Promise<Membership>;
  readonly onIn: () => void;
  readonly onOut: () => void;
  readonly timing: Timing;
}

export function createWatch({ ask, onIn, onOut, timing }: WatchOptions): Watch {
  const nap = createNap();
  return {
    async run(signal, isUrgent) {
      let waitMs = isUrgent ? 0 : jittered(timing.pingMs);
      for (;;) {
        if (waitMs > 0) await nap.take(waitMs, signal);
        if (signal.aborted) return;
        const membership = await ask(signal);
        if (signal.aborted) return;
        switch (membership) {
          case 'in':
            onIn();
            waitMs = jittered(timing.pingMs);
            break;
          case 'unknown':
            waitMs = jittered(timing.pingAgainMs);
            break;
          case 'out':
            onOut();
            return;
          default:
            membership satisfies never;
        }
      }
    },
    suspect: () => nap.wake(),
  };
}

/** All rooms were joined at about the same time: they need not be asked at the same time, too. */
const jittered = (ms: number): number => ms * (0.75 + Math.random() / 2);
