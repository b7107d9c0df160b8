import { hash } from 'node:crypto';
import { inTime } from '../async/in-time.ts';
import type { Taken } from '../async/taken.ts';
import { type Log, silent } from '../log/log.ts';
import type { State } from './state.ts';

export interface TakenOptions {
  readonly state: State;
  /** Of the shelf. */
  readonly name: string;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  readonly log?: Log;
}

/** The print of a key, and when it came. */
type Entry = readonly [print: string, at: number];

/** No network sends something again that late; a clock that was set back has counted nothing. */
const keepMs = 3_600_000;
const most = 1_000;
/** A full disk says so at once; one that hangs must not make the bot deaf. */
const patienceMs = 2_000;

/** Remembers what came last. Throws a `StateError`. */
export async function openTaken({ state, name, now = Date.now, log = silent }: TakenOptions): Promise<Taken> {
  const shelf = await state.shelf<readonly Entry[]>(name, read, []);
  const isFresh = ([, at]: Entry): boolean => Math.abs(now() - at) < keepMs;
  const earlier = new Map(shelf.current.filter(isFresh));
  // Also while this process runs: who begins to count anew says nothing again.
  const isKnown = (key: string): boolean => {
    const print = printOf(key);
    const at = earlier.get(print);
    return at !== undefined && isFresh([print, at]);
  };
  let isTold = false;
  /** It has the bot wait no more until it has caught up. */
  let isSlow = false;

  // What changes something is refused while it cannot be recorded: that is not the matter of this list.
  const tell = (error: unknown): void => {
    if (!isTold) log.error('what came cannot be kept: after a new start it may be run twice', { by: name, error });
    isTold = true;
  };

  return {
    has(keys) {
      if (earlier.size === 0 || !keys.some(isKnown)) return false;
      log.info('what came before the bot was started anew was sent again: it is not run twice', { by: name });
      return true;
    },
    async keep(keys) {
      const at = now();
      const entries = keys.map((key): Entry => [printOf(key), at]);
      const kept = shelf.replace([...shelf.current.filter(isFresh), ...entries].slice(-most)).then(() => {
        isTold = false;
        isSlow = false;
      }, tell);
      if (isSlow) return;
      await inTime(kept, patienceMs, () => {
        isSlow = true;
        tell(new Error(`the disk has not answered for ${patienceMs / 1_000} s`));
      });
    },
  };
}

/** Long enough for so few, and free of what people are called. */
const printOf = (key: string): string => hash('sha256', key, 'base64').slice(0, 22);

function read(kept: unknown): readonly Entry[] {
  if (!Array.isArray(kept) || !kept.every(isEntry)) throw new Error('it is no list of what came');
  return kept;
}

const isEntry = (value: unknown): value is Entry =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && Number.isFinite(value[1]);
