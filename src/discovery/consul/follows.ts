import { setMaxListeners } from 'node:events';
import { orAborted } from '../../async/aborted.ts';
import { sleep } from '../../async/sleep.ts';
import { RegistryError, type RegistryEvent, type WatchOptions } from '../registry.ts';
import { newWatchers, type Watchers } from '../watchers.ts';

export type Emit = (event: RegistryEvent) => void;

/** What is known of some services. Both tell what is otherwise than it was, and reject when Consul can't be asked or the signal aborts. */
export interface View {
  /** Looks at all of it, as it is now. */
  look(emit: Emit, signal: AbortSignal): Promise<void>;
  /** Waits for news since the last look. */
  follow(emit: Emit, signal: AbortSignal): Promise<never>;
}

/** Everybody who watches; who watches the same shares the questions. */
export interface Follows {
  watch(options: WatchOptions): Promise<AsyncIterable<RegistryEvent>>;
  /** Ends every watch with this error. */
  fail(error: Error): void;
}

interface Running {
  readonly watchers: Watchers;
  readonly ready: Promise<void>;
  readonly stop: AbortController;
  /** Who waits for it to be ready. */
  joining: number;
  /** Why Consul can't be asked at the moment. */
  outage: RegistryError | undefined;
}

const firstPauseMs = 50;
const maxPauseMs = 1000;

/**
 * `viewOf` knows how one service is seen, or all of them; `isOut`, whether an outage was told. An outage ends no watch: afterwards it tells
 * what has changed meanwhile.
 */
export function newFollows(viewOf: (service: string | undefined) => View, isOut: () => boolean): Follows {
  const all = new Map<string | undefined, Running>();

  const end = (service: string | undefined, running: Running, error: Error): void => {
    if (running.stop.signal.aborted) return;
    running.stop.abort(error);
    all.delete(service);
    running.watchers.fail(error);
  };

  const start = (service: string | undefined): Running => {
    const stop = new AbortController();
    // One for each question that is open.
    setMaxListeners(0, stop.signal);
    const watchers = newWatchers(() => leave(service, running));
    const view = viewOf(service);
    const ready = view.look(() => {}, stop.signal);
    const running: Running = { watchers, ready, stop, joining: 0, outage: undefined };
    all.set(service, running);
    ready.then(() => keep(view, running, isOut)).catch((error: unknown) => end(service, running, error as Error));
    return running;
  };

  const leave = (service: string | undefined, running: Running): void => {
    if (running.watchers.size === 0 && running.joining === 0) end(service, running, new Error('nobody watches'));
  };

  return {
    async watch(options) {
      const { service, signal } = options;
      const running = all.get(service) ?? start(service);
      running.joining += 1;
      try {
        await orAborted(running.ready, signal);
        // It may have been lost since.
        running.stop.signal.throwIfAborted();
        if (running.outage !== undefined) throw running.outage;
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        running.joining -= 1;
        if (signal.aborted) leave(service, running);
      }
      return running.watchers.add(options);
    },
    fail(error) {
      for (const [service, running] of all) end(service, running, error);
    },
  };
}

/** Follows for ever. Rejects for what does not pass. */
async function keep(view: View, running: Running, isOut: () => boolean): Promise<never> {
  const { watchers, stop } = running;
  for (;;) {
    // Of several questions the first that fails ends the others.
    const round = new AbortController();
    const onStop = (): void => round.abort(stop.signal.reason);
    setMaxListeners(0, round.signal);
    stop.signal.addEventListener('abort', onStop, { once: true });
    if (stop.signal.aborted) onStop();
    try {
      await view.follow((event) => watchers.emit(event), round.signal);
    } catch (error) {
      running.outage = passing(error, stop.signal);
    } finally {
      stop.signal.removeEventListener('abort', onStop);
      round.abort(running.outage);
    }
    // A question may fail that others have outlived, as when an agent restarts: who looks at once sees whether it is one.
    if (!isOut()) {
      await sleep(firstPauseMs, stop.signal);
      if (await looks(view, running)) continue;
    }
    watchers.outage(true, running.outage);
    await lookAgain(view, running);
    running.outage = undefined;
    watchers.outage(false);
  }
}

/** Whether everything could be seen. */
async function looks(view: View, running: Running): Promise<boolean> {
  const { watchers, stop } = running;
  try {
    await view.look((event) => watchers.emit(event), stop.signal);
    running.outage = undefined;
    return true;
  } catch (error) {
    running.outage = passing(error, stop.signal);
    return false;
  }
}

async function lookAgain(view: View, running: Running): Promise<void> {
  const { signal } = running.stop;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
    await sleep(pauseMs / 2 + (Math.random() * pauseMs) / 2, signal);
    if (await looks(view, running)) return;
  }
}

/** The error, if it may be otherwise in a moment; else it is thrown. */
function passing(error: unknown, signal: AbortSignal): RegistryError {
  if (!signal.aborted && error instanceof RegistryError && error.code === 'unavailable') return error;
  throw error;
}
