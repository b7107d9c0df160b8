import type { Log } from '../../../log/log.ts';

/** Why a request is not taken. The sender learns the status alone; the reason holds nothing of the request. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, reason: string) {
    super(reason);
    this.name = 'Refusal';
    this.status = status;
  }
}

/** Tells of refused requests, however many come: once a minute at most, counted by their reasons. */
export interface Refusals {
  note(reason: string): void;
  /** Tells what is left to tell. */
  flush(): void;
}

const minuteMs = 60_000;

/** `now` in milliseconds. */
export function countRefusals(log: Log, now: () => number): Refusals {
  let counts = new Map<string, number>();
  let toldAt = Number.NEGATIVE_INFINITY;

  const tell = (): void => {
    if (counts.size === 0) return;
    log.warn('refused requests over HTTP', { refused: Object.fromEntries(counts) });
    counts = new Map();
  };

  return {
    note(reason) {
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
      const at = now();
      // A clock that was set back must not silence this for long.
      if (Math.abs(at - toldAt) < minuteMs) return;
      toldAt = at;
      tell();
    },
    flush: tell,
  };
}
