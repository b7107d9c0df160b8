import { hash } from 'node:crypto';
import type { Taken } from './taken.ts';

/** Tells the first delivery of a thing from its copies: by several ways, tried again, or under several names. */
export interface Once {
  /** True the first time that any of these keys is seen. All of them are remembered, as names of the same thing. */
  take(keys: readonly string[]): boolean;
}

export interface OnceOptions {
  /** How long a key is remembered at least. Default 25 hours: a network may send something again for a day. */
  readonly keepMs?: number;
  /** How many keys are remembered at most; the oldest are forgotten first. Default 200,000, which take about 15 MB. */
  readonly most?: number;
  /** What was the first before this process began. Default: nothing is known of that. */
  readonly taken?: Pick<Taken, 'has'> | undefined;
  /** Milliseconds that never go back. Default `performance.now`. */
  readonly now?: () => number;
  /** Told, at most once an hour, how many were forgotten early since: a late copy of them would count as the first. */
  readonly onForgotten?: (count: number) => void;
}

/** Keys that came at about the same time, and are forgotten together: that needs neither a timer nor a time for each. */
interface Generation {
  readonly since: number;
  readonly prints: Set<string>;
}

const generationsKept = 8;
const hourMs = 3_600_000;

export function createOnce(options: OnceOptions = {}): Once {
  const { keepMs = 25 * hourMs, most = 200_000, now = () => performance.now(), onForgotten, taken } = options;
  const spanMs = keepMs / generationsKept;
  const size = Math.max(1, Math.floor(most / generationsKept));
  /** The oldest first. */
  const generations: Generation[] = [];
  let count = 0;
  let forgotten = 0;
  let toldAt = Number.NEGATIVE_INFINITY;

  const isKnown = (print: string): boolean => generations.some(({ prints }) => prints.has(print));

  const isFull = (): boolean => generations.length > 0 && count + size > most;

  const drop = (): number => {
    const dropped = generations.shift()?.prints.size ?? 0;
    count -= dropped;
    return dropped;
  };

  const expire = (at: number): void => {
    for (let [oldest] = generations; oldest !== undefined; [oldest] = generations) {
      if (at - oldest.since < spanMs + keepMs) return;
      drop();
    }
  };

  const remember = (print: string, at: number): void => {
    let newest = generations.at(-1);
    if (newest === undefined || newest.prints.size >= size || at - newest.since >= spanMs) {
      while (isFull()) forgotten += drop();
      newest = { since: at, prints: new Set() };
      generations.push(newest);
    }
    newest.prints.add(print);
    count += 1;
  };

  const tell = (at: number): void => {
    if (forgotten === 0 || at - toldAt < hourMs) return;
    onForgotten?.(forgotten);
    toldAt = at;
    forgotten = 0;
  };

  return {
    take(keys) {
      const at = now();
      expire(at);
      const prints = keys.map(fingerprint);
      const isFirst = !prints.some(isKnown) && taken?.has(keys) !== true;
      for (const print of prints) if (!isKnown(print)) remember(print, at);
      tell(at);
      return isFirst;
    },
  };
}

/** As long for every key, however long that is, and free of the delivery whose text the key may still be a part of. */
const fingerprint = (key: string): string => hash('sha256', key, 'binary');
