import type { Entry } from './entry.ts';
import { sentenceOf } from './sentence.ts';
import { Sequence } from './sequence.ts';

/** Tells those who wait which place they have. */
export interface Teller {
  /** It waits from now on. */
  add(entry: Entry): void;
  /** It waits no more. */
  remove(entry: Entry): void;
}

/** Who waits for a moment only is not told: it would be over before they read it. Also how often the teller looks. */
const everyMs = 1_000;
/** Between two sentences about the same job. */
const pauseMs = 5_000;
/** In one look, so that it stays a short one; the others are next. */
const most = 100;

/** Each person is told about one job at a time: somebody with a hundred of them reads no faster. */
export function createTeller(now: () => number, tell: (entry: Entry, sentence: string) => void): Teller {
  /** Those who were looked at longest ago come first. */
  const waiting = new Sequence<Entry>();
  let timer: NodeJS.Timeout | undefined;

  const look = (): void => {
    const at = now();
    const told = new Set<string>();
    for (let left = waiting.size; left > 0 && told.size < most; left -= 1) {
      const entry = waiting.first;
      const last = entry?.told;
      if (entry === undefined || last === undefined) return;
      waiting.remove(last.spot);
      last.spot = waiting.add(entry);
      // The clock was set back.
      if (last.at > at) last.at = at;
      const sinceMs = at - last.at;
      if (told.has(entry.person) || sinceMs < (last.sentence === '' ? everyMs : pauseMs)) continue;
      const sentence = sentenceOf(entry);
      if (sentence === last.sentence) continue;
      last.at = at;
      last.sentence = sentence;
      told.add(entry.person);
      tell(entry, sentence);
    }
  };

  return {
    add(entry) {
      entry.told = { spot: waiting.add(entry), at: entry.askedAt, sentence: '' };
      // The process may end: nobody waits but behind what runs.
      timer ??= setInterval(look, everyMs).unref();
    },
    remove(entry) {
      if (entry.told === undefined) return;
      waiting.remove(entry.told.spot);
      entry.told = undefined;
      if (waiting.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
  };
}
