import { setMaxListeners } from 'node:events';
import { withResolvers } from '../../async/queue.ts';
import { Pace } from '../../async/pace.ts';
import { sleep } from '../../async/sleep.ts';
import { type Registry, RegistryError, type RegistryEvent } from '../registry.ts';
import { orAbandoned } from './abandon.ts';

export interface AttemptOptions {
  readonly registry: Registry;
  /** About how long until it lists without any reason: an event can be lost. */
  readonly relistMs: number;
  readonly hear: (event: RegistryEvent) => void;
  /**
   * Lists everything. `isReplay`: the watch goes on after an outage, and its events may be older than the list. When the signal aborts, what was
   * listed is of no interest any more.
   */
  readonly list: (signal: AbortSignal, isReplay: boolean) => Promise<void>;
  /** The watch waits for the registry; it will list again when that is back. */
  readonly onLost: (error: Error) => void;
}

/** One attempt to follow a registry, as long as it goes well. */
export interface Attempt {
  /** Ends on abort, also when the registry hangs. Rejects when the watch or a listing fails. Each listing that worked is `healthy`. */
  run(signal: AbortSignal, healthy: () => void): Promise<void>;
  /** It shall fail. */
  fail(error: Error): void;
}

export function newAttempt({ registry, relistMs, hear, list, onLost }: AttemptOptions): Attempt {
  const over = new AbortController();
  // One for each question that is open.
  setMaxListeners(0, over.signal);
  const trouble = withResolvers<never>();
  trouble.promise.catch(() => {});
  let round = newRound();
  let isOut = false;
  let isReplay = false;

  const onOutage = (out: boolean, error?: Error): void => {
    if (over.signal.aborted || out === isOut) return;
    isOut = out;
    isReplay = true;
    if (out) onLost(error ?? new RegistryError('unavailable', `the ${registry.name} registry does not answer`));
    round.abort();
  };

  /** The watch stands first: nothing that happens during a listing is missed. */
  const listNowAndThen = async (healthy: () => void): Promise<void> => {
    while (!over.signal.aborted) {
      round = newRound();
      const { signal } = round;
      try {
        if (!isOut) {
          await list(signal, isReplay);
          healthy();
          isReplay = false;
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
      await sleep(relistMs * (0.75 + Math.random() / 2), signal);
    }
  };

  const listen = async (events: AsyncIterable<RegistryEvent>): Promise<void> => {
    const pace = new Pace();
    for await (const event of events) {
      if (over.signal.aborted) return;
      hear(event);
      const pause = pace.step();
      if (pause !== undefined) await pause;
    }
    if (!over.signal.aborted) throw new RegistryError('unavailable', 'the watch ended');
  };

  return {
    async run(signal, healthy) {
      const end = (): void => {
        over.abort();
        round.abort();
      };
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();
      try {
        const events = await orAbandoned(registry.watch({ signal: over.signal, onOutage }), over.signal);
        const work = Promise.race([listen(events), listNowAndThen(healthy), trouble.promise]);
        await orAbandoned(work, over.signal);
      } finally {
        end();
        signal.removeEventListener('abort', end);
      }
    },
    fail: trouble.reject,
  };
}

const newRound = (): AbortController => {
  const round = new AbortController();
  setMaxListeners(0, round.signal);
  return round;
};
