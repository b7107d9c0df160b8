import { withResolvers } from '../async/queue.ts';
import { sleep } from '../async/sleep.ts';
import type { Registry, RegistryEvent } from '../discovery/registry.ts';

export interface WatchServicesOptions {
  readonly registry: Registry;
  readonly signal: AbortSignal;
  /**
   * Looks at the registry as it is now. Called first when the watch stands, then after changes, and now and then without any. When its
   * signal has aborted, what it saw is of no interest any more.
   */
  readonly look: (signal: AbortSignal) => Promise<void>;
}

/** At most one look in this time, and never more than half of the time spent looking. */
const minPauseMs = 100;
/** Without a change we look all the same: an event can be lost. */
const relistMs = 30_000;

/** Looks whenever the registry reports a change. Ends on abort, also when the registry hangs; rejects when the watch or a look fails. */
export async function watchServices({ registry, signal, look }: WatchServicesOptions): Promise<void> {
  const all = new AbortController();
  const aborted = withResolvers<void>();
  const stop = (): void => {
    all.abort();
    aborted.resolve();
  };
  const work = async (): Promise<void> => {
    const events = await registry.watch({ signal: all.signal });
    const bell = newBell(all.signal);
    await Promise.all([listen(events, bell, all.signal), repeat(look, bell, all.signal)]);
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    await Promise.race([work(), aborted.promise]);
  } finally {
    stop();
    signal.removeEventListener('abort', stop);
  }
}

/** Remembers one ring for whoever waits next. */
interface Bell {
  ring(): void;
  /** Resolves at the next ring, after `ms`, or on abort. */
  wait(ms: number): Promise<void>;
}

function newBell(signal: AbortSignal): Bell {
  let nap: AbortController | undefined;
  let hasRung = false;
  signal.addEventListener('abort', () => nap?.abort(), { once: true });
  return {
    ring() {
      hasRung = true;
      nap?.abort();
    },
    async wait(ms) {
      if (!hasRung && !signal.aborted) {
        nap = new AbortController();
        await sleep(ms, nap.signal);
        nap = undefined;
      }
      hasRung = false;
    },
  };
}

async function listen(events: AsyncIterable<RegistryEvent>, bell: Bell, signal: AbortSignal): Promise<void> {
  for await (const _ of events) bell.ring();
  if (!signal.aborted) throw new Error('the watch ended');
}

async function repeat(look: (signal: AbortSignal) => Promise<void>, bell: Bell, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const started = performance.now();
    await look(signal);
    await sleep(Math.max(minPauseMs, performance.now() - started), signal);
    await bell.wait(relistMs);
  }
}
