import type { Audit, Outcome } from '../../audit/audit.ts';
import { text } from '../../document/document.ts';
import type { Log } from '../../log/log.ts';
import { type Book, causeOf, type Entry, idOf } from './book.ts';
import type { Kept } from './kept.ts';
import { showTime, showTimeIn } from './shown.ts';
import type { Voice } from './voice.ts';
import { zoneOf } from './when.ts';

export interface LostDeps {
  readonly book: Book;
  readonly voice: Voice;
  readonly audit: Partial<Pick<Audit, 'find'>> | undefined;
  /** What of all ran when the bot went down. */
  readonly unfinished: readonly Unfinished[];
  readonly zone: string;
  readonly log: Log;
}

/** What began and has no end, as the audit has it. */
export interface Unfinished {
  /** What made it run: `schedule s7`. */
  readonly cause: string;
  /** RFC 3339. */
  readonly at: string;
}

/** The bot went down soon after: not much can have been recorded since. */
const mostRecords = 5_000;
/** The clock may have been put back meanwhile. */
const toleranceMs = 3_600_000;

/** Tells of what ran when the bot went down: it may have been done, so it is not done again. Never rejects. */
export async function tellLost({ book, voice, audit, unfinished, zone, log }: LostDeps): Promise<void> {
  for (const { cause, at } of unfinished) {
    const entry = [...book.entries.values()].find(({ kept }) => causeOf(kept) === cause);
    if (entry !== undefined) tellRepeated(entry, Date.parse(at), voice, zone);
  }
  const lost = [...book.entries.values()].filter(({ kept }) => kept.runningSince !== undefined);
  if (lost.length === 0) return;
  for (const entry of lost) book.remove(entry);
  await book.save().catch((error: unknown) => log.error('schedules could not be kept', { error }));
  for (const { kept } of lost) {
    const end = await endOf(kept, audit).catch((error: unknown) => {
      log.warn('the audit cannot tell what became of a schedule', { schedule: idOf(kept), error });
      return undefined;
    });
    const since = `${idOf(kept)} ran since ${showTime(kept.runningSince ?? 0, zone)}`;
    if (end === undefined) await voice.note('schedule unknown', kept);
    const words =
      end === undefined
        ? `${since} when I went down, and what became of it is unknown: ${kept.line}`
        : `${since} and ended before I went down: ${end}. What it answered may be lost: ${kept.line}`;
    void voice.tell(kept, text(words));
  }
}

function tellRepeated({ kept, nextAt }: Entry, since: number, voice: Voice, zone: string): void {
  // A watch looks again at once, and what runs once has an end of its own.
  if (kept.when.kind === 'watch' || kept.when.kind === 'once') return;
  const own = zoneOf(kept.when, zone);
  const next = nextAt === undefined ? '' : ` It goes on with its next time, ${showTimeIn(nextAt, own, zone)}.`;
  const began = showTimeIn(since, own, zone);
  const words = `${idOf(kept)} ran since ${began} when I went down, and what became of it is unknown.${next} It is: ${kept.line}`;
  void voice.tell(kept, text(words));
}

/** How it ended, as far as that is recorded; undefined: nobody knows. Rejects with an `AuditError`. */
async function endOf(kept: Kept, audit: LostDeps['audit']): Promise<string | undefined> {
  const since = (kept.runningSince ?? 0) - toleranceMs;
  const records = (await audit?.find?.({ since }, mostRecords)) ?? [];
  const begun = records.findLast((each) => 'cause' in each && each.cause === causeOf(kept));
  if (begun?.kind === 'denied') return 'denied' satisfies Outcome;
  if (begun?.kind !== 'started') return undefined;
  const end = records.findLast((each) => each.kind === 'ended' && each.id === begun.id);
  if (end?.kind !== 'ended' || end.outcome === 'unknown') return undefined;
  return end.error === undefined ? end.outcome : `${end.outcome}: ${end.error}`;
}
