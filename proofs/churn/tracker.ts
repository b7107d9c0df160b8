/** How long it took until somebody who follows the registry had a change. */
export interface Delay {
  /** During or after what it happened. */
  readonly phase: string;
  readonly ms: number;
}

/** Compares what is there (`want`) with what is seen (`see`), key by key. Times are `nowMs`, and may be told late. */
export interface Tracker {
  want(key: string, isThere: boolean, at: number): void;
  see(key: string, isThere: boolean, at: number): void;
  /** Keys that are seen otherwise than they are, but for those that are kept with good reason. */
  wrong(): readonly string[];
  readonly delays: readonly Delay[];
  /** How often something was rightly kept that the registry had forgotten, until the registry knew it again. */
  readonly kept: number;
}

export interface TrackerOptions {
  readonly phase: () => string;
  /** Since when whoever follows could have known of what happened then. */
  readonly knowable: (at: number) => number;
  /** When it stopped to take connections; infinite while it takes them. */
  readonly closedAt: (key: string) => number;
}

interface Open {
  readonly isThere: boolean;
  readonly at: number;
  readonly phase: string;
}

export function newTracker({ phase, knowable, closedAt }: TrackerOptions): Tracker {
  const seen = new Map<string, number>();
  const lastSeenAt = new Map<string, number>();
  const open = new Map<string, Open>();
  const delays: Delay[] = [];
  let kept = 0;

  const settle = (key: string): void => {
    const change = open.get(key);
    if (change === undefined || change.isThere !== seen.has(key)) return;
    open.delete(key);
    const closed = change.isThere ? 0 : closedAt(key);
    const since = knowable(Math.max(change.at, Number.isFinite(closed) ? closed : 0));
    delays.push({ phase: change.phase, ms: Math.max(0, (lastSeenAt.get(key) ?? 0) - since) });
  };

  return {
    want(key, isThere, at) {
      const before = open.get(key);
      if (before?.isThere === false && isThere) kept += 1;
      open.set(key, { isThere, at, phase: phase() });
      settle(key);
    },
    see(key, isThere, at) {
      if (seen.has(key) === isThere) return;
      if (isThere) seen.set(key, at);
      else seen.delete(key);
      lastSeenAt.set(key, at);
      settle(key);
    },
    wrong: () => [...open].flatMap(([key, { isThere }]) => (!isThere && !Number.isFinite(closedAt(key)) ? [] : [key])),
    delays,
    get kept() {
      return kept;
    },
  };
}
