import { attempts } from '../../async/attempts.ts';
import type { About } from '../../audit/audit.ts';
import type { Document } from '../../document/document.ts';
import { moment } from '../../document/moment.ts';
import type { Place } from '../../inputs/input.ts';
import type { Log } from '../../log/log.ts';
import { visibleName } from '../approval/visible.ts';
import { short } from './short.ts';

/** What began and has no end, as the audit has it. */
type Unfinished = About & { readonly at: string };

export interface UnfinishedDeps {
  readonly unfinished: readonly Unfinished[];
  /** Says it there. Rejects when it could not be said. */
  readonly announce: (input: string, place: Place, document: Document) => Promise<void>;
  readonly log: Log;
}

/** Tells people what ran for them when the bot went down. */
export interface Report {
  /** Once. What cannot be said is tried again for some minutes. */
  begin(): void;
  close(): void;
}

/** In one place. */
const mostShown = 20;

/** What somebody typed: approvals, schedules and watches tell of theirs. */
export function reporting({ unfinished, announce, log }: UnfinishedDeps): Report {
  const closed = new AbortController();

  const tell = async (all: readonly [Unfinished, ...Unfinished[]]): Promise<void> => {
    const [{ input, room, thread }] = all;
    const place: Place = { kind: 'room', room, thread };
    const error = await attempts(() => announce(input, place, documentOf(all)), closed.signal);
    if (error !== undefined) log.warn('nobody could be told what ran when the bot went down', { input, room, error });
  };

  return {
    begin() {
      const places = new Map<string, [Unfinished, ...Unfinished[]]>();
      for (const each of unfinished.filter(({ cause }) => cause === 'message')) {
        const key = JSON.stringify([each.input, each.room, each.thread]);
        const others = places.get(key);
        if (others === undefined) places.set(key, [each]);
        else others.push(each);
      }
      for (const all of places.values()) void tell(all);
    },
    close: () => closed.abort(),
  };
}

function documentOf(all: readonly Unfinished[]): Document {
  const items = all.slice(0, mostShown).map(sentence);
  const more = all.length - items.length;
  return {
    kind: 'group',
    gap: 0,
    parts: [
      {
        kind: 'text',
        text: 'I went down while this ran, and what became of it is unknown. It is not run again by itself: look first, then say rerun and its number.',
      },
      { kind: 'list', items: more === 0 ? items : [...items, `… and ${more} more: see history`] },
    ],
  };
}

const sentence = ({ id, line, person, at }: Unfinished): string =>
  `${id}: ${short(line)}, by ${visibleName(person)}, since ${moment(Date.parse(at))}`;
