import type { Calendar } from './calendar.ts';

/** When a line is to be run. Times are milliseconds since the epoch. */
export type When =
  | { readonly kind: 'once'; readonly at: number }
  | { readonly kind: 'interval'; readonly everyMs: number; readonly from: number }
  | { readonly kind: 'calendar'; readonly pattern: string; readonly zone: string }
  | { readonly kind: 'watch'; readonly everyMs: number; readonly from: number; readonly until: number };

/** The first time after `after`; undefined: never again. */
export function nextAfter(when: When, after: number, calendar: Calendar): number | undefined {
  switch (when.kind) {
    case 'once':
      return when.at > after ? when.at : undefined;
    case 'interval':
      return nextBeat(when, after);
    case 'calendar':
      return calendar.next(when.pattern, when.zone, after);
    case 'watch': {
      const beat = nextBeat(when, after);
      return beat < when.until ? beat : undefined;
    }
    default:
      return when satisfies never;
  }
}

/** Beats reach back beyond the first one: whoever sets a clock back does not have to wait for that. */
const nextBeat = ({ everyMs, from }: { readonly everyMs: number; readonly from: number }, after: number): number =>
  from + (Math.floor((after - from) / everyMs) + 1) * everyMs;

/** Up to `most` times after `after`. */
export function nextTimes(when: When, after: number, calendar: Calendar, most: number): readonly number[] {
  const times: number[] = [];
  for (let last = after; times.length < most; ) {
    const next = nextAfter(when, last, calendar);
    if (next === undefined) return times;
    times.push(next);
    last = next;
  }
  return times;
}

/** What its times are shown in: those that were meant in a zone, in that. */
export const zoneOf = (when: When, zone: string): string => (when.kind === 'calendar' ? when.zone : zone);
