import type { Cron } from 'croner';

/** Times of the day, the week and the month, in somebody's time zone. */
export interface Calendar {
  /**
   * The first time after `after` (milliseconds since the epoch, as the result) that fits a cron pattern of 5 fields, or of 7 with seconds in
   * front and years behind. Undefined: never. A time that the clock leaps over in spring comes right after the leap, one that comes twice in
   * autumn counts once. Throws an `Error` that says what is wrong with the pattern.
   */
  next(pattern: string, zone: string, after: number): number | undefined;
}

interface Known {
  readonly cron: Cron;
  /** The last answer, and from when on it is the answer. */
  from: number;
  next: number | undefined;
}

const mostKnown = 1_000;

export async function openCalendar(): Promise<Calendar> {
  const { Cron } = await import('croner');
  const known = new Map<string, Known>();

  const find = (pattern: string, zone: string): Known => {
    const key = `${zone} ${pattern}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    // A list of hours is as fixed as one hour: it must not come twice when clocks are set back.
    const cron = new Cron(pattern, { timezone: zone, fixedTimeRule: 'no-wildcard' });
    if (known.size >= mostKnown) known.clear();
    const made: Known = { cron, from: Number.POSITIVE_INFINITY, next: undefined };
    known.set(key, made);
    return made;
  };

  return {
    next(pattern, zone, after) {
      const entry = find(pattern, zone);
      // Many people want the same 9:00, and to find it is work.
      const isKnown = after >= entry.from && (entry.next === undefined || after < entry.next);
      if (!isKnown) {
        entry.next = entry.cron.nextRun(new Date(after))?.getTime();
        entry.from = after;
      }
      return entry.next;
    },
  };
}
