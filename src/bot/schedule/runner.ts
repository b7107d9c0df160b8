import type { Log } from '../../log/log.ts';
import { type Document, text } from '../../document/document.ts';
import { type Book, causeOf, type Entry, idOf } from './book.ts';
import type { Clock } from './clock.ts';
import { showPeriod } from './period.ts';
import type { Due, DueOutcome } from './schedules.ts';
import { showClock, showTimeIn } from './shown.ts';
import type { Voice } from './voice.ts';
import { type Answer, Watching } from './watching.ts';
import { zoneOf } from './when.ts';

/** Runs the lines of schedules whose time has come. */
export interface Runner {
  /** Runs it now, `lateMs` after its time. It must not run already. Never rejects. */
  fire(entry: Entry, lateMs: number): Promise<void>;
  /** Its time is over. */
  endWatch(entry: Entry, why: string): Promise<void>;
}

export interface RunnerOptions {
  readonly book: Book;
  readonly voice: Voice;
  readonly clock: Clock;
  readonly zone: string;
  readonly log: Log;
  readonly run: (due: Due) => Promise<DueOutcome>;
}

const mostRefusals = 3;
/** Below that nobody minds. */
const lateMs = 60_000;

export function createRunner({ book, voice, clock, zone, log, run }: RunnerOptions): Runner {
  const save = (): Promise<void> =>
    book.save().catch((error: unknown) => log.error('what became of a schedule could not be kept', { error }));

  const endWatch = async (entry: Entry, why: string): Promise<void> => {
    if (!book.remove(entry)) return;
    const { kept, watching } = entry;
    entry.run?.stop.abort(new DOMException('the watch has ended', 'AbortError'));
    const changes = watching?.changes ?? 0;
    const seen = changes === 0 ? 'nothing changed' : `${changes} ${changes === 1 ? 'change' : 'changes'}`;
    await save();
    await voice.tell(kept, text(`${idOf(kept)}: the watch of ${kept.line} has ended: ${why}, ${seen}`));
  };

  const refused = async (entry: Entry): Promise<void> => {
    const { kept } = entry;
    const id = idOf(kept);
    const often = `it was refused ${mostRefusals} times in a row`;
    if (kept.when.kind === 'watch') {
      await endWatch(entry, often);
      return;
    }
    entry.kept = { ...kept, paused: 'refused' };
    entry.nextAt = undefined;
    await save();
    await voice.note('schedule paused', kept, { why: often });
    await voice.tell(kept, {
      kind: 'group',
      parts: [
        text(`${id} is paused: ${often}. Say "resume ${id}" when it may run again, or "unschedule ${id}" to end it`),
        { kind: 'actions', actions: [{ label: 'Resume it', line: `resume ${id}` }] },
      ],
    });
  };

  const ended = async (entry: Entry, outcome: DueOutcome): Promise<void> => {
    if (!book.has(entry)) return;
    const { kept } = entry;
    if (kept.when.kind === 'once') {
      book.remove(entry);
      await save();
      return;
    }
    const refusals = outcome === 'denied' ? kept.refusals + 1 : 0;
    entry.kept = { ...kept, refusals, last: { at: clock.now(), outcome } };
    if (refusals === kept.refusals) book.touch();
    else if (refusals < mostRefusals) await save();
    if (refusals >= mostRefusals) await refused(entry);
    else if (kept.when.kind === 'watch' && outcome === 'waits')
      await endWatch(entry, 'it wants somebody’s word each time');
    else if (kept.when.kind === 'watch' && clock.now() >= kept.when.until) await endWatch(entry, 'its time is over');
  };

  const showing = ({ kept }: Entry): NonNullable<Due['show']> => {
    const heading = text(`${idOf(kept)} (${kept.shown}): ${kept.line}`);
    return (answer, kind) => voice.tell(kept, under(heading, answer), kind);
  };

  const watch = async (entry: Entry, watching: Watching, answer: Answer): Promise<void> => {
    const { kept } = entry;
    const news = book.has(entry) ? watching.see(answer) : undefined;
    if (news === undefined) return;
    const heading = text(`${idOf(kept)} ${showClock(clock.now(), zone)} ${kept.line}`);
    await voice.tell(kept, under(heading, news), answer.kind);
  };

  return {
    endWatch,
    async fire(entry, late) {
      const { kept } = entry;
      const stop = new AbortController();
      entry.run = { stop, since: clock.now(), isTold: false };
      if (kept.when.kind === 'once' && late > lateMs) {
        const when = showTimeIn(kept.when.at, zoneOf(kept.when, zone), zone);
        const words = `${idOf(kept)} comes ${showPeriod(late)} late: its time was ${when}`;
        // Not awaited: the bot may close meanwhile, and what was taken out would be lost.
        void voice.tell(kept, text(words));
      }
      const watching = kept.when.kind === 'watch' ? (entry.watching ?? new Watching()) : undefined;
      entry.watching = watching;
      let answer: Answer | undefined;
      const keep: Due['show'] = async (document, kind) => {
        answer = { document, kind };
      };
      const { identity, place, roomName, isDirect, line } = kept;
      const show = watching === undefined ? showing(entry) : keep;
      const due: Due = { identity, place, roomName, isDirect, line, cause: causeOf(kept), signal: stop.signal, show };
      let outcome: DueOutcome = 'failed';
      try {
        outcome = await run(due);
      } catch (error) {
        log.error('a line of a schedule could not be run', { schedule: idOf(kept), error });
      }
      entry.run = undefined;
      if (watching !== undefined && answer !== undefined) await watch(entry, watching, answer);
      await ended(entry, outcome);
    },
  };
}

const under = (heading: Document, answer: Document): Document => ({ kind: 'group', parts: [heading, answer], gap: 0 });
