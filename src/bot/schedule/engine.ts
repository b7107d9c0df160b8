import { breather } from '../../async/breather.ts';
import { text } from '../../document/document.ts';
import type { Log } from '../../log/log.ts';
import { type Book, type Entry, idOf } from './book.ts';
import type { Calendar } from './calendar.ts';
import type { Clock } from './clock.ts';
import type { Late, TellMissed } from './missed.ts';
import type { Runner } from './runner.ts';
import { showClock, showTimeIn } from './shown.ts';
import type { Voice } from './voice.ts';
import { nextAfter, zoneOf } from './when.ts';

/** Sees to it that each schedule runs when its time has come. */
export interface Engine {
  /** Finds out when each is to run next. */
  load(): Promise<void>;
  /** From now on. */
  start(runner: Runner): void;
  /** Tells when an entry is to run next, counted from now, and looks then. */
  arm(entry: Entry): void;
  close(): void;
}

export interface EngineOptions {
  readonly book: Book;
  readonly voice: Voice;
  readonly clock: Clock;
  readonly calendar: Calendar;
  readonly zone: string;
  readonly tellMissed: TellMissed;
  /** Whether there is a command for a line at the moment. */
  readonly isAnswered: (line: string) => boolean;
  readonly log: Log;
}

/** Clocks are set and machines sleep: no wait is trusted for longer. It also keeps waits below what a timer can hold. */
const lookMs = 60_000;
/** What repeats and comes later than that comes next time. */
const mostLateMs = 2 * lookMs;
/** What runs once and comes later than that is told, and not run. */
const mostLateOnceMs = 3_600_000;
/** After a start it takes a moment until all services are found. */
const leastHeldMs = lookMs;
/** Why what runs once does not run at its time, by then and later. */
interface Reason {
  readonly now: string;
  readonly before: string;
  readonly againMs: number;
}
/** Its service, or the registry, may be away for a moment, and it would be used up for nothing. */
const unanswered: Reason = {
  now: 'nobody answers to its command',
  before: 'nobody answered to its command',
  againMs: 5_000,
};
const unkept: Reason = { now: 'I cannot write my state', before: 'I could not write my state', againMs: lookMs };
/** A clock that goes back by no more does not make anything come twice. */
const mostBackMs = 3_600_000;
/** How things went the last time can wait to be kept. */
const mostUnkeptMs = lookMs;
/** Clocks are always set a little. */
const mostSlewMs = 1_000;

export function createEngine({
  book,
  voice,
  clock,
  calendar,
  zone,
  tellMissed,
  isAnswered,
  log,
}: EngineOptions): Engine {
  let runner: Runner | undefined;
  let cancel: (() => void) | undefined;
  let lookedAt = clock.now();
  let keptAt = lookedAt;
  let isClosed = false;

  /** When it comes next. What ran for a time does not run for it again when the clock is set back a little. */
  const aim = (entry: Entry, now: number): void => {
    const { when, paused } = entry.kept;
    const ranFor = entry.ranFor ?? now;
    const after = ranFor > now && ranFor - now <= mostBackMs ? ranFor : now;
    entry.nextAt = undefined;
    if (paused !== undefined) return;
    try {
      entry.nextAt = (when.kind === 'once' ? when.at : nextAfter(when, after, calendar)) ?? endOf(entry);
    } catch (error) {
      // A zone that this machine does not know, as those of tomorrow: the others must go on.
      log.error('when a schedule comes next cannot be found out: it rests', { schedule: idOf(entry.kept), error });
    }
  };

  const failed = (error: unknown): void => log.error('schedules could not be kept', { error });

  /** At most once: what cannot be marked as running is not run, and tried again. */
  const beginOnce = async (entries: readonly Entry[], now: number, runs: Runner): Promise<void> => {
    for (const entry of entries) {
      entry.nextAt = undefined;
      entry.kept = { ...entry.kept, runningSince: now };
    }
    const back = (): void => {
      for (const entry of entries) entry.kept = { ...entry.kept, runningSince: undefined };
    };
    try {
      await book.save();
    } catch (error) {
      failed(error);
      back();
      // What is kept with the next that can be must not say that they run.
      book.save().catch(() => {});
      for (const entry of entries) if (book.has(entry)) void hold(entry, unkept);
      wake();
      return;
    }
    if (isClosed) {
      back();
      await book.save().catch(failed);
      return;
    }
    for (const entry of entries) if (book.has(entry)) void runs.fire(entry, now - timeOf(entry));
  };

  const missed = async (entry: Entry): Promise<void> => {
    if (!book.remove(entry)) return;
    const { kept } = entry;
    await book.save().catch(failed);
    await voice.note('schedule missed', kept);
    const when = showTimeIn(timeOf(entry), zoneOf(kept.when, zone), zone);
    const why = entry.held?.before ?? 'I was not there';
    await voice.tell(kept, {
      kind: 'group',
      parts: [
        text(`${idOf(kept)} was not run: its time was ${when}, and ${why}. It was: ${kept.line}`),
        { kind: 'actions', actions: [{ label: 'Run it now', line: kept.line }] },
      ],
    });
  };

  /** What runs once is tried again for an hour. */
  const hold = async (entry: Entry, reason: Reason): Promise<void> => {
    const { kept, held } = entry;
    const now = clock.now();
    const since = held?.since ?? now;
    const isTold = now - since >= leastHeldMs;
    entry.held = { since, isTold, before: reason.before };
    entry.nextAt = now + reason.againMs;
    if (!isTold || held?.isTold === true) return;
    const id = idOf(kept);
    const words = `${id} is not run yet: ${reason.now}. I try until an hour after its time. To end it: unschedule ${id}.`;
    await voice.tell(kept, text(`${words} It is: ${kept.line}`));
  };

  const overtaken = async ({ kept, run }: Entry): Promise<void> => {
    if (run === undefined || run.isTold || kept.when.kind === 'watch') return;
    run.isTold = true;
    const since = showClock(run.since, zone);
    await voice.tell(kept, text(`${idOf(kept)} is left out while it still runs since ${since}: ${kept.line}`));
  };

  /** False when it comes too late for that. */
  const repeat = (entry: Entry, now: number, dueAt: number, runs: Runner): boolean => {
    entry.ranFor = dueAt;
    aim(entry, now);
    if (entry.run !== undefined) void overtaken(entry);
    else if (now - dueAt <= mostLateMs || entry.kept.when.kind === 'watch') void runs.fire(entry, now - dueAt);
    else return false;
    return true;
  };

  const handle = (due: readonly Entry[], now: number, runs: Runner): void => {
    const starting: Entry[] = [];
    const late: Late[] = [];
    for (const entry of due) {
      const {
        kept: { when },
        nextAt: dueAt = now,
      } = entry;
      if (when.kind === 'watch' && now >= when.until) {
        entry.nextAt = undefined;
        // One that runs has its say first.
        if (entry.run === undefined) void runs.endWatch(entry, 'its time is over');
      } else if (when.kind !== 'once') {
        if (!repeat(entry, now, dueAt, runs)) late.push({ entry, since: dueAt - 1 });
      } else if (now - when.at > mostLateOnceMs) void missed(entry);
      else if (!isAnswered(entry.kept.line)) void hold(entry, unanswered);
      else starting.push(entry);
    }
    if (starting.length > 0) void beginOnce(starting, now, runs);
    // The machine slept, or its clock was wrong.
    if (late.length > 0) void tellMissed(late, now);
  };

  /** Whoever wants to watch for ten minutes does not mean the clock on the wall. */
  const setBack = (now: number, backMs: number): void => {
    for (const entry of book.entries.values()) {
      const { when } = entry.kept;
      if (when.kind === 'watch') {
        const moved = { from: when.from - backMs, until: when.until - backMs };
        entry.kept = { ...entry.kept, when: { ...when, ...moved } };
        book.touch();
      }
      if (when.kind !== 'once' && entry.nextAt !== undefined) aim(entry, now);
    }
  };

  const look = (runs: Runner): void => {
    const now = clock.now();
    const backMs = lookedAt - now;
    lookedAt = now;
    if (backMs > mostSlewMs) setBack(now, backMs);
    const due = Array.from(book.entries.values()).filter(({ nextAt }) => nextAt !== undefined && nextAt <= now);
    handle(due, now, runs);
    if (book.isTouched && Math.abs(now - keptAt) >= mostUnkeptMs) {
      keptAt = now;
      void book.save().catch(failed);
    }
    wake();
  };

  const wake = (): void => {
    cancel?.();
    cancel = undefined;
    const runs = runner;
    if (isClosed || runs === undefined) return;
    let first = Number.POSITIVE_INFINITY;
    for (const { nextAt = first } of book.entries.values()) first = Math.min(first, nextAt);
    if (first === Number.POSITIVE_INFINITY) return;
    cancel = clock.after(Math.max(0, Math.min(lookMs, first - clock.now())), () => look(runs));
  };

  return {
    async load() {
      const pause = breather();
      const now = clock.now();
      for (const entry of book.entries.values()) {
        if (entry.kept.runningSince === undefined) aim(entry, now);
        await pause();
      }
    },
    start(given) {
      runner = given;
      look(given);
    },
    arm(entry) {
      aim(entry, clock.now());
      if (entry.kept.when.kind === 'watch') entry.nextAt = clock.now();
      wake();
    },
    close() {
      isClosed = true;
      cancel?.();
      if (book.isTouched) void book.save().catch(failed);
    },
  };
}

const timeOf = ({ kept: { when } }: Entry): number => (when.kind === 'once' ? when.at : 0);
const endOf = ({ kept: { when } }: Entry): number | undefined => (when.kind === 'watch' ? when.until : undefined);
