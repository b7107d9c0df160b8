import { type Caller, type Command, CommandError } from '../../commands/command.ts';
import { type Document, text } from '../../document/document.ts';
import type { Log } from '../../log/log.ts';
import { type Book, type Entry, idOf } from './book.ts';
import type { Engine } from './engine.ts';
import { entryFor, isHere, isOwn, lineFor } from './owner.ts';
import type { Schedules } from './schedules.ts';
import type { Voice } from './voice.ts';

export interface ManagingOptions {
  readonly book: Book;
  readonly voice: Voice;
  readonly engine: Engine;
  readonly mayAdmin: (caller: Caller) => boolean;
  readonly log: Log;
}

/** What people do with schedules that are there. */
export interface Managing extends Pick<Schedules, 'cancel' | 'stop'> {
  readonly commands: readonly Command[];
}

export function managing({ book, voice, engine, mayAdmin, log }: ManagingOptions): Managing {
  const save = async (): Promise<void> => {
    try {
      await book.save();
    } catch (error) {
      log.error('a schedule could not be kept', { error });
      const words =
        'it is so for now, but could not be kept: the bot cannot write its state. It tries again by itself, and forgets this if it ends before that';
      throw new CommandError('failed', words, { cause: error });
    }
  };

  const end = async (entry: Entry, caller: Caller): Promise<string> => {
    const { kept } = entry;
    book.remove(entry);
    entry.run?.stop.abort(new DOMException('cancelled', 'AbortError'));
    await voice.note('schedule ended', kept, { by: `${caller.input}:${caller.user}` });
    await save();
    const words = (line: string): string => `${idOf(kept)} is ended: ${kept.shown}: ${line}`;
    // Its person would wait for it in vain.
    if (!isOwn(kept, caller)) await voice.tell(kept, text(`${words(kept.line)} (by ${caller.name ?? caller.user})`));
    return words(lineFor(kept, caller));
  };

  const pause = async (entry: Entry): Promise<string> => {
    const { kept } = entry;
    const id = idOf(kept);
    if (kept.when.kind === 'once' || kept.when.kind === 'watch') {
      throw new CommandError('usage', `${id} does not repeat, so there is nothing to pause: unschedule ${id} ends it`);
    }
    if (kept.paused !== undefined) throw new CommandError('usage', `${id} is paused already`);
    entry.kept = { ...kept, paused: 'asked' };
    entry.nextAt = undefined;
    await voice.note('schedule paused', kept);
    await save();
    return `${id} is paused until somebody says "resume ${id}"`;
  };

  const resume = async (entry: Entry, caller: Caller): Promise<string> => {
    const { kept } = entry;
    const id = idOf(kept);
    if (kept.paused === undefined) throw new CommandError('usage', `${id} is not paused`);
    entry.kept = { ...kept, paused: undefined, refusals: 0 };
    engine.arm(entry);
    await voice.note('schedule resumed', kept);
    await save();
    return `${id} goes on: ${kept.shown}: ${lineFor(kept, caller)}`;
  };

  const command = (
    name: string,
    description: string,
    act: (entry: Entry, caller: Caller) => Promise<string>,
  ): Command => ({
    name,
    usage: `${name} [id]`,
    description,
    examples: [`${name} s7`],
    source: { kind: 'builtin' },
    effect: 'read',
    isUrgent: true,
    run: async ({ args, caller }): Promise<Document> => {
      const id = args.word(0) ?? '';
      if (id === '' || args.after(1) !== '') throw new CommandError('usage', `${name} which one?\nusage: ${name} [id]`);
      const entry = entryFor(book, id, caller, mayAdmin);
      if (entry === undefined)
        throw new CommandError('not_found', `there is no schedule ${id}: "schedules" shows them`);
      return text(await act(entry, caller));
    },
  });

  return {
    commands: [
      command('unschedule', 'Ends what was to run later, or a watch', end),
      command('pause', 'Keeps what repeats from running', pause),
      command('resume', 'Lets what was paused run again', resume),
    ],
    async cancel(id, caller) {
      const entry = entryFor(book, id, caller, mayAdmin);
      return entry === undefined ? undefined : end(entry, caller);
    },
    async stop(caller) {
      const isMeant = ({ kept }: Entry): boolean =>
        kept.when.kind === 'watch' &&
        kept.place.thread === caller.thread &&
        isHere(kept, caller) &&
        isOwn(kept, caller);
      const newest = [...book.entries.values()].findLast(isMeant);
      return newest === undefined ? undefined : end(newest, caller);
    },
  };
}
