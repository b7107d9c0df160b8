import type { Log } from '../../../log/log.ts';
import { delayOf, type Timing } from './timing.ts';

/** Tries to get into one room again and again, with growing waits, and tells why once. */
export interface Retry {
  later(pace: 'soon' | 'slow', why: string, fields: object): void;
  cancel(): void;
  /** We are in. */
  entered(): void;
  /** We are not in any more. */
  lost(): void;
  /** Forgets what went wrong so far. */
  forget(): void;
}

export interface RetryOptions {
  readonly jid: string;
  readonly again: () => void;
  readonly log: Log;
  readonly timing: Timing;
}

export function createRetry({ jid, again, log, timing }: RetryOptions): Retry {
  let failures = 0;
  let enteredAt = 0;
  let told: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  return {
    later(pace, why, fields) {
      const delayMs = delayOf(failures, pace, timing);
      failures += 1;
      clearTimeout(timer);
      timer = setTimeout(again, delayMs);
      const all = { room: jid, delayMs: Math.round(delayMs), ...fields };
      if (told === why) log.debug(why, all);
      else log.warn(`${why}: it is tried again`, all);
      told = why;
    },
    cancel: () => clearTimeout(timer),
    entered() {
      enteredAt = performance.now();
      told = undefined;
    },
    lost() {
      if (performance.now() - enteredAt >= timing.stableMs) failures = 0;
    },
    forget() {
      failures = 0;
    },
  };
}
