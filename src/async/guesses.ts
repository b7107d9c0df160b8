/** Who tries codes that are none is soon heard no more. */
export interface Guesses {
  /** This person typed too many wrong ones just now. */
  isOut(person: string): boolean;
  /** They typed a wrong one. True when that was the one too many. */
  wrong(person: string): boolean;
}

interface Tries {
  /** When each was, in milliseconds since the epoch. */
  readonly at: readonly number[];
  /** No more are heard until then. */
  readonly outUntil: number;
}

const most = 5;
const spanMs = 60_000;
/** From so many people on those are forgotten who have been quiet for a while. */
const crowd = 1_000;

/** Five wrong ones in a minute, and a person is not heard for a minute. `now`: milliseconds since the epoch. */
export function createGuesses(now: () => number): Guesses {
  const people = new Map<string, Tries>();

  const isRecent = (at: number): boolean => Math.abs(now() - at) < spanMs;

  const forget = (): void => {
    for (const [person, { at, outUntil }] of people) if (outUntil <= now() && !at.some(isRecent)) people.delete(person);
  };

  return {
    isOut(person) {
      const leftMs = (people.get(person)?.outUntil ?? 0) - now();
      // A clock that was put back keeps nobody out for longer.
      return leftMs > 0 && leftMs <= spanMs;
    },
    wrong(person) {
      if (people.size >= crowd) forget();
      const at = [...(people.get(person)?.at ?? []).filter(isRecent), now()];
      const isOneTooMany = at.length >= most;
      people.set(person, isOneTooMany ? { at: [], outUntil: now() + spanMs } : { at, outUntil: 0 });
      return isOneTooMany;
    },
  };
}
