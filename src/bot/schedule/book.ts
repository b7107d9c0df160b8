import type { Shelf } from '../../state/state.ts';
import type { Kept, Shelved } from './kept.ts';
import type { Watching } from './watching.ts';

/** One schedule, while the bot runs. */
export interface Entry {
  /** Replaced as a whole. */
  kept: Kept;
  /** When it is to run next; undefined: nothing will happen by itself. */
  nextAt: number | undefined;
  /** What it ran for last. */
  ranFor: number | undefined;
  /** What runs. */
  run: { readonly stop: AbortController; readonly since: number; isTold: boolean } | undefined;
  /** It is time for what runs once, and something keeps it from that: `before`, when that is told later. */
  held: { readonly since: number; readonly isTold: boolean; readonly before: string } | undefined;
  /** What a watch has seen. */
  watching: Watching | undefined;
}

/** All schedules there are. */
export interface Book {
  readonly entries: ReadonlyMap<number, Entry>;
  /** Until when an earlier run of the bot is known to have looked after them. */
  readonly attendedAt: number | undefined;
  add(kept: Omit<Kept, 'number'>): Entry;
  /** False when it is out already. */
  remove(entry: Entry): boolean;
  has(entry: Entry): boolean;
  /** Something has changed that need not be kept at once. */
  touch(): void;
  readonly isTouched: boolean;
  /** Resolves when everything as it is now is kept; rejects with a `StateError`. */
  save(): Promise<void>;
}

export function openBook(shelf: Shelf<Shelved>, now: () => number): Book {
  const entries = new Map<number, Entry>();
  const { attendedAt } = shelf.current;
  let { next } = shelf.current;
  let isTouched = false;

  const enter = (kept: Kept): Entry => {
    const entry: Entry = {
      kept,
      nextAt: undefined,
      ranFor: undefined,
      run: undefined,
      held: undefined,
      watching: undefined,
    };
    entries.set(kept.number, entry);
    return entry;
  };
  for (const kept of shelf.current.schedules) {
    enter(kept);
    next = Math.max(next, kept.number + 1);
  }

  return {
    entries,
    attendedAt,
    add(kept) {
      const number = next;
      next += 1;
      return enter({ ...kept, number });
    },
    has: (entry) => entries.get(entry.kept.number) === entry,
    remove(entry) {
      if (entries.get(entry.kept.number) !== entry) return false;
      return entries.delete(entry.kept.number);
    },
    touch() {
      isTouched = true;
    },
    get isTouched() {
      return isTouched;
    },
    async save() {
      isTouched = false;
      try {
        await shelf.replace({ next, attendedAt: now(), schedules: Array.from(entries.values(), ({ kept }) => kept) });
      } catch (error) {
        isTouched = true;
        throw error;
      }
    },
  };
}

/** What people type. */
export const idOf = ({ number }: Kept): string => `s${number}`;

export const causeOf = (kept: Kept): string => `${kept.when.kind === 'watch' ? 'watch' : 'schedule'} ${idOf(kept)}`;
