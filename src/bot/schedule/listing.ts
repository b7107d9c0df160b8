import { type Caller, type Command, CommandError } from '../../commands/command.ts';
import { type Document, text } from '../../document/document.ts';
import { type Book, type Entry, idOf } from './book.ts';
import type { Clock } from './clock.ts';
import type { Kept } from './kept.ts';
import { isHere, isOwn, lineFor } from './owner.ts';
import { showNext } from './shown.ts';
import { zoneOf } from './when.ts';

export interface ListingOptions {
  readonly book: Book;
  readonly clock: Clock;
  readonly zone: string;
  readonly mayAdmin: (caller: Caller) => boolean;
}

const titles = ['Id', 'When', 'Command', 'Next', 'Whose', 'Where', 'Last'];

/**
 * `schedules`: where others read along, those that speak there; in a conversation of one's own, all of one's own. `--all` is for those who
 * look after the bot, and lines of conversations that are nobody else's stay hidden where others read along.
 */
export const listing = ({ book, clock, zone, mayAdmin }: ListingOptions): Command => ({
  name: 'schedules',
  usage: 'schedules [--all]',
  description: 'Lists what runs later, again and again, or is watched',
  source: { kind: 'builtin' },
  effect: 'read',
  isAside: true,
  options: [{ name: 'all', kind: 'boolean', usage: 'Everybody’s, for those who look after the bot' }],
  run: async ({ args, options, caller }): Promise<Document> => {
    const all = [...book.entries.values()];
    const isAll = options['all'] === true;
    if (args.after(0) !== '') throw new CommandError('usage', 'schedules takes nothing more\nusage: schedules [--all]');
    if (isAll && !mayAdmin(caller))
      throw new CommandError('usage', 'only those who look after the bot see everybody’s schedules');
    const isAlone = caller.isDirect === true;
    const own = all.filter(({ kept }) => isOwn(kept, caller));
    const here = all.filter(({ kept }) => isHere(kept, caller));
    const shown = isAll ? all : isAlone ? own : here;
    const elsewhere = isAll || isAlone ? 0 : own.filter(({ kept }) => !isHere(kept, caller)).length;
    const now = clock.now();
    const table: Document = {
      kind: 'table',
      columns: titles.map((title) => ({ title })),
      rows: shown.map((entry) => row(entry, now, zone, lineFor(entry.kept, caller))),
    };
    const notes = elsewhere === 0 ? [] : [`${elsewhere} of yours elsewhere: ask me where nobody else reads along`];
    if (shown.length === 0) return text(notes[0] ?? 'nothing is scheduled');
    // A watch and what comes every so often are the same everywhere.
    if (shown.some(({ kept: { when } }) => 'zone' in when)) notes.unshift(`times without a zone are in ${zone}`);
    if (notes.length === 0) return table;
    return { kind: 'group', parts: [table, { ...text(notes.join('\n')), isNote: true }] };
  },
});

function row(entry: Entry, now: number, zone: string, line: string): readonly string[] {
  const { kept } = entry;
  const where = kept.isDirect ? `${kept.identity.input}, in private` : `${kept.identity.input} ${kept.roomName}`;
  const last = kept.last === undefined ? '' : kept.last.outcome;
  return [idOf(kept), whenOf(kept, zone), line, nextOf(entry, now, zone), kept.identity.name, where, last];
}

/** The bot's own zone may have been another one when it was made. */
function whenOf({ when, shown }: Kept, zone: string): string {
  const own = zoneOf(when, zone);
  return own === zone || shown.endsWith(` ${own}`) ? shown : `${shown} ${own}`;
}

function nextOf({ kept, nextAt, run }: Entry, now: number, zone: string): string {
  if (run !== undefined) return 'runs now';
  switch (kept.paused) {
    case 'asked':
      return 'paused';
    case 'refused':
      return 'paused: refused';
    case undefined:
      return nextAt === undefined ? '' : showNext(nextAt, now, zoneOf(kept.when, zone));
    default:
      return kept.paused satisfies never;
  }
}
