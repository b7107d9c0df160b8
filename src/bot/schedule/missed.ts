import { breather } from '../../async/breather.ts';
import { type Document, text } from '../../document/document.ts';
import type { Log } from '../../log/log.ts';
import { type Book, type Entry, idOf } from './book.ts';
import type { Calendar } from './calendar.ts';
import type { Kept } from './kept.ts';
import { showTimeIn } from './shown.ts';
import type { Voice } from './voice.ts';
import { nextAfter, zoneOf } from './when.ts';

export interface MissedDeps {
  readonly book: Book;
  readonly voice: Voice;
  readonly calendar: Calendar;
  readonly zone: string;
  readonly log: Log;
}

/** What repeats and may have had its time since then, in milliseconds since the epoch, and was not run. */
export interface Late {
  readonly entry: Entry;
  readonly since: number;
}

/** Tells once, a place at a time, what was missed until `now`. It is not run late. Never rejects. */
export type TellMissed = (late: readonly Late[], now: number) => Promise<void>;

/** What was not run. */
interface Missed {
  readonly kept: Kept;
  readonly times: number;
  readonly last: number;
  readonly next: number;
}

/** Nobody wants to hear of what comes every minute when the bot was started anew. */
const leastMs = 600_000;
/** Whether it ran that soon before the bot went down is not known. */
const doubtMs = 120_000;
/** Nobody counts further. */
const mostTimes = 1_000;
/** In one place. */
const mostShown = 20;

export const tellingMissed =
  ({ book, voice, calendar, zone, log }: MissedDeps): TellMissed =>
  async (late, now) => {
    const places = new Map<string, Missed[]>();
    const pause = breather();
    for (const { entry, since } of late) {
      const missed = missedBy(entry, since, now, calendar);
      if (missed === undefined) continue;
      const { identity, place, isDirect } = missed.kept;
      const key = JSON.stringify([identity.input, place, isDirect]);
      places.set(key, [...(places.get(key) ?? []), missed]);
      await pause();
    }
    if (places.size === 0) return;
    // Once: whoever is told twice does not know what to believe.
    await book.save().catch((error: unknown) => log.error('schedules could not be kept', { error }));
    for (const all of places.values()) {
      for (const { kept, times } of all) await voice.note('schedule missed', kept, { times: String(times) });
      const [first] = all;
      if (first !== undefined) void voice.tell(first.kept, sentences(all, zone));
    }
  };

/** What may have been missed while the bot was away. */
export const lateIn = (book: Book): readonly Late[] =>
  [...book.entries.values()].flatMap((entry) => {
    const since = seenAt(entry, book.attendedAt);
    return since === undefined ? [] : [{ entry, since }];
  });

/** Until when it is known to have had its turns. Undefined: it is none that repeats, or nobody knows. */
function seenAt({ kept, nextAt }: Entry, attendedAt: number | undefined): number | undefined {
  const { when, last } = kept;
  // One that rests, or whose times cannot be found out, has none.
  if (when.kind === 'once' || when.kind === 'watch' || nextAt === undefined) return undefined;
  const known = [last?.at, attendedAt].filter((at) => at !== undefined);
  return known.length === 0 ? undefined : Math.max(...known) + doubtMs;
}

function missedBy({ kept }: Entry, since: number, now: number, calendar: Calendar): Missed | undefined {
  const first = nextAfter(kept.when, since, calendar);
  if (first === undefined || first > now) return undefined;
  let times = 0;
  let last = first;
  let next: number | undefined = first;
  while (next !== undefined && next <= now && times < mostTimes) {
    times += 1;
    last = next;
    next = nextAfter(kept.when, next, calendar);
  }
  // Where there were too many, the last of them is not known.
  const coming = times < mostTimes ? next : nextAfter(kept.when, now, calendar);
  return coming === undefined || coming - first < leastMs ? undefined : { kept, times, last, next: coming };
}

function sentences(all: readonly Missed[], zone: string): Document {
  const items = all.slice(0, mostShown).map((missed) => sentence(missed, zone));
  const more = all.length - items.length;
  if (more > 0) items.push(`… and ${more} more: see schedules`);
  const [only = ''] = items;
  return items.length === 1 ? text(only) : { kind: 'list', items };
}

function sentence({ kept, times, last, next }: Missed, zone: string): string {
  const own = zoneOf(kept.when, zone);
  const often = times === 1 ? 'once' : times < mostTimes ? `${times} times` : `${mostTimes} times or more`;
  const when = times < mostTimes ? `, ${times === 1 ? '' : 'last '}at ${showTimeIn(last, own, zone)}` : '';
  return `${idOf(kept)} was missed ${often} while I was not there${when}; next ${showTimeIn(next, own, zone)}. It is: ${kept.line}`;
}
