import type { Calendar } from './calendar.ts';
import { isZone } from './zone.ts';

/** When a line is to be run. Times are milliseconds since the epoch. */
export type When =
  /** `zone`: which one it was meant in. */
  | { readonly kind: 'once'; readonly at: number; readonly zone?: string | undefined }
  | { readonly kind: 'interval'; readonly everyMs: number; readonly from: number }
  /** `also`: further patterns, for times that one of them cannot hold. */
  | {
      readonly kind: 'calendar';
      readonly pattern: string;
      readonly zone: string;
      readonly also?: readonly string[] | undefined;
    }
  | { readonly kind: 'watch'; readonly everyMs: number; readonly from: number; readonly until: number };

/** The first time after `after`; undefined: never again. */
export function nextAfter(when: When, after: number, calendar: Calendar): number | undefined {
  switch (when.kind) {
    case 'once':
      return when.at > after ? when.at : undefined;
    case 'interval':
      return nextBeat(when, after);
    case 'calendar':
      return firstOf(when, after, calendar);
    case 'watch': {
      const beat = nextBeat(when, after);
      return beat < when.until ? beat : undefined;
    }
    default:
      return when satisfies never;
  }
}

function firstOf(
  { pattern, zone, also = [] }: Extract<When, { readonly kind: 'calendar' }>,
  after: number,
  calendar: Calendar,
): number | undefined {
  const times = [pattern, ...also].flatMap((each) => calendar.next(each, zone, after) ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
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
export function zoneOf(when: When, usual: string): string {
  const own = 'zone' in when ? when.zone : undefined;
  return own !== undefined && isZone(own) ? own : usual;
}
