import { type Caller, CommandError } from '../../commands/command.ts';
import { type Document, text } from '../../document/document.ts';
import { InputError } from '../../inputs/input.ts';
import type { Log } from '../../log/log.ts';
import type { Reach } from '../reach.ts';
import { type Book, type Entry, idOf } from './book.ts';
import type { Calendar } from './calendar.ts';
import type { Clock } from './clock.ts';
import type { Definition } from './definition.ts';
import { isDefinition } from './definitions.ts';
import type { Engine } from './engine.ts';
import type { Kept } from './kept.ts';
import { isOwn, personOf } from './owner.ts';
import { showTime } from './shown.ts';
import type { Voice } from './voice.ts';
import { nextTimes, zoneOf } from './when.ts';

/** What is known of a line before it is kept. */
export interface Checked {
  /** As it is to be kept: with the names that stand for others replaced, which may be changed by somebody else later. Absent: as it was typed. */
  readonly line?: string;
  /** Why it could not be run now, as a sentence; undefined: it could. */
  readonly refused: string | undefined;
  /** There are secrets in it. */
  readonly isMasked: boolean;
}

export interface MakerOptions {
  readonly book: Book;
  readonly voice: Voice;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly calendar: Calendar;
  readonly zone: string;
  readonly reach: Reach;
  readonly check: (line: string, caller: Caller) => Promise<Checked>;
  readonly log: Log;
}

const mostOfOne = 50;
const mostWatchesOfOne = 5;
const mostInAll = 10_000;
const longestLine = 4_000;

/** Makes schedules of what people define, and answers with what they need to know of it. Throws a `CommandError`. */
export const maker =
  (options: MakerOptions) =>
  async (typed: Definition, caller: Caller): Promise<Document> => {
    const { book, voice, engine, clock, log } = options;
    refuse(objection(options, typed, caller));
    const { line = typed.line, refused, isMasked } = await options.check(typed.line, caller);
    const definition: Definition = { ...typed, line };
    refuse(objectionTo(line));
    if (isMasked) refuse('there is a secret in this line, and those are not kept: schedule one that has none');
    refuse(refused === undefined ? undefined : `it could not be run now, so it is not kept: ${refused}`);
    // Others may have been made meanwhile.
    refuse(tooMany(book, definition, caller));
    const entry = book.add(draft(definition, caller));
    try {
      await book.save();
    } catch (error) {
      book.remove(entry);
      // What was told not to run must not come back with a disk that was only slow.
      book.save().catch(() => {});
      log.error('a schedule could not be kept', { error });
      throw new CommandError('failed', 'it could not be kept, so it will not be run: the bot cannot write its state', {
        cause: error,
      });
    }
    const times = nextTimes(entry.kept.when, clock.now(), options.calendar, 3);
    if (book.has(entry)) engine.arm(entry);
    await voice.note('schedule made', entry.kept);
    return answer(entry, times, options.zone);
  };

function refuse(sentence: string | undefined): void {
  if (sentence !== undefined) throw new CommandError('usage', sentence);
}

function objection({ book, reach }: MakerOptions, definition: Definition, caller: Caller): string | undefined {
  if (caller.isKnown === false) return 'nobody vouches here for who you are, so nothing can be run in your name later';
  return objectionTo(definition.line) ?? unreachable(reach, caller) ?? tooMany(book, definition, caller);
}

function objectionTo(line: string): string | undefined {
  if (line.length > longestLine) return `the line is too long: ${line.length} characters, at most ${longestLine}`;
  return isDefinition(line) ? 'what is run later cannot itself be something that is run later' : undefined;
}

function unreachable(reach: Reach, caller: Caller): string | undefined {
  try {
    reach(caller.input, placeOf(caller)).end();
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return `nobody would see the answer: ${error.message}`;
    throw error;
  }
}

function tooMany(book: Book, { when }: Definition, caller: Caller): string | undefined {
  const isWatch = when.kind === 'watch';
  const most = isWatch ? mostWatchesOfOne : mostOfOne;
  let own = 0;
  for (const { kept } of book.entries.values()) {
    if ((kept.when.kind === 'watch') === isWatch && isOwn(kept, caller)) own += 1;
  }
  if (own >= most)
    return `you have ${own} ${isWatch ? 'watches' : 'schedules'} already: end one of them first ("schedules" shows them)`;
  return book.entries.size >= mostInAll
    ? `there are ${mostInAll} schedules already, and no more can be kept`
    : undefined;
}

const placeOf = ({ room, thread }: Caller): Kept['place'] => ({
  kind: 'room',
  room,
  ...(thread === undefined ? {} : { thread }),
});

const draft = ({ when, shown, line }: Definition, caller: Caller): Omit<Kept, 'number'> => ({
  person: personOf(caller),
  identity: { input: caller.input, user: caller.user, name: caller.name ?? caller.user, isKnown: true },
  place: placeOf(caller),
  roomName: caller.roomName ?? caller.room,
  isDirect: caller.isDirect === true,
  line,
  when,
  shown,
  refusals: 0,
});

function answer({ kept }: Entry, times: readonly number[], zone: string): Document {
  const id = idOf(kept);
  const { when } = kept;
  const shownIn = zoneOf(when, zone);
  const next = times.map((time) => showTime(time, shownIn)).join(', ');
  const lines =
    when.kind === 'watch'
      ? [`${id}: ${kept.shown}: ${kept.line}`, `What changes is shown here. To end it: stop, or unschedule ${id}`]
      : [`${id}: ${kept.shown}: ${kept.line}`, `next: ${next} (${shownIn})`, `To end it: unschedule ${id}`];
  return {
    kind: 'group',
    gap: 0,
    parts: [
      text(lines.join('\n')),
      {
        kind: 'actions',
        actions: [{ label: when.kind === 'watch' ? 'End it' : 'Cancel it', line: `unschedule ${id}` }],
      },
    ],
  };
}
