/** Times of the day, the week and the month, in somebody's time zone. */
export interface Calendar {
  /**
   * The first time after `after` (milliseconds since the epoch, as the result) that fits a cron pattern of 5 fields, or of 7 with seconds in
   * front and years behind. Undefined: never. A time that the clock leaps over in spring comes right after the leap, one that comes twice in
   * autumn counts once. Throws an `Error` that says what is wrong with the pattern.
   */
  next(pattern: string, zone: string, after: number): number | undefined;
}

/** An answer, and from when on it is the answer. */
interface Known {
  readonly from: number;
  readonly next: number | undefined;
}

const mostKnown = 10_000;

export async function openCalendar(): Promise<Calendar> {
  const { Cron } = await import('croner');
  /** Many people want the same 9:00, and to find it is work. What finds it is large, and is not kept. */
  const known = new Map<string, Known>();

  return {
    next(pattern, zone, after) {
      const key = `${zone} ${pattern}`;
      const found = known.get(key);
      if (found !== undefined && after >= found.from && (found.next === undefined || after < found.next)) {
        return found.next;
      }
      // A list of hours is as fixed as one hour: it must not come twice when clocks are set back.
      const cron = new Cron(pattern, { timezone: zone, fixedTimeRule: 'no-wildcard' });
      const next = cron.nextRun(new Date(after))?.getTime();
      if (known.size >= mostKnown) known.clear();
      known.set(key, { from: after, next });
      return next;
    },
  };
}
