import { withResolvers } from '../../async/queue.ts';
import type { Document } from '../../document/document.ts';
import { InputError, type Place, type ReplyKind } from '../../inputs/input.ts';
import type { Log } from '../../log/log.ts';
import type { Reach } from '../reach.ts';
import type { Clock } from './clock.ts';

/** Says things in places, in order. What cannot be said because the network is out of reach is tried again for a while. */
export interface Teller {
  /** Resolves when it was said, or when it will have to wait; never rejects. */
  tell(input: string, place: Place, document: Document, kind: ReplyKind): Promise<void>;
  close(): void;
}

interface Words {
  readonly document: Document;
  readonly kind: ReplyKind;
  readonly said: () => void;
  tries: number;
}

interface Queue {
  readonly input: string;
  readonly place: Place;
  readonly words: Words[];
  isWaiting: boolean;
}

const sayMs = 60_000;
const firstWaitMs = 1_000;
const longestWaitMs = 60_000;
/** About ten minutes in all. */
const mostTries = 14;
/** In one place. */
const mostWords = 100;

export function createTeller(reach: Reach, clock: Clock, log: Log): Teller {
  const queues = new Map<string, Queue>();
  const waits = new Set<() => void>();
  let isClosed = false;

  const say = async ({ input, place }: Queue, { document, kind }: Words): Promise<void> => {
    const speech = reach(input, place);
    const late = withResolvers<never>();
    const cancel = clock.after(sayMs, () => late.reject(new Error('it was not taken in time')));
    try {
      await Promise.race([speech.say(document, kind), late.promise]);
    } finally {
      cancel();
      speech.end();
    }
  };

  /** True when it is to be tried again. */
  const failed = (queue: Queue, words: Words, error: unknown): boolean => {
    words.tries += 1;
    const again = error instanceof InputError && error.code === 'unavailable' && words.tries < mostTries && !isClosed;
    if (!again) log.warn('what a schedule had to say could not be said', { input: queue.input, error });
    return again;
  };

  const work = async (key: string, queue: Queue): Promise<void> => {
    for (let [words] = queue.words; words !== undefined; [words] = queue.words) {
      try {
        await say(queue, words);
      } catch (error) {
        if (failed(queue, words, error)) {
          wait(key, queue, Math.min(longestWaitMs, firstWaitMs * 2 ** (words.tries - 1)));
          return;
        }
      }
      queue.words.shift();
      words.said();
    }
    queues.delete(key);
  };

  const wait = (key: string, queue: Queue, ms: number): void => {
    queue.isWaiting = true;
    for (const { said } of queue.words) said();
    const cancel = clock.after(ms, () => {
      waits.delete(cancel);
      queue.isWaiting = false;
      void work(key, queue);
    });
    waits.add(cancel);
  };

  return {
    tell: (input, place, document, kind) =>
      new Promise((said) => {
        const key = JSON.stringify([input, place]);
        const words: Words = { document, kind, said, tries: 0 };
        const queue = queues.get(key);
        if (queue === undefined) {
          const made: Queue = { input, place, words: [words], isWaiting: false };
          queues.set(key, made);
          void work(key, made);
          return;
        }
        if (queue.words.length >= mostWords) {
          log.warn('too much waits to be said: the newest was dropped', { input });
          said();
          return;
        }
        queue.words.push(words);
        if (queue.isWaiting) said();
      }),
    close() {
      isClosed = true;
      for (const cancel of waits) cancel();
      waits.clear();
    },
  };
}
