/** How often each may guess wrong. */
export interface Guesses {
  /** True while this one has to wait. */
  isBarred(who: string): boolean;
  /** Another wrong one. True when it was the last for now. */
  wrong(who: string): boolean;
}

const most = 5;
const minuteMs = 60_000;
const maxKept = 10_000;

/** Five in a minute, then none for a minute. */
export function createGuesses(now: () => number): Guesses {
  const made = new Map<string, readonly number[]>();
  const recent = (who: string): readonly number[] => (made.get(who) ?? []).filter((at) => now() - at < minuteMs);
  return {
    isBarred: (who) => recent(who).length >= most,
    wrong(who) {
      const all = [...recent(who), now()];
      if (made.size >= maxKept) for (const each of made.keys()) if (recent(each).length === 0) made.delete(each);
      made.set(who, all);
      return all.length === most;
    },
  };
}
