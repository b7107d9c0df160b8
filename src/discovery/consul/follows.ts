import { setMaxListeners } from 'node:events';
import type { RegistryEvent, WatchOptions } from '../registry.ts';
import { newWatchers, type Watchers } from '../watchers.ts';

export interface Following {
  readonly emit: (event: RegistryEvent) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Resolves once it follows: nothing that happens afterwards is missed. `over` rejects when it is lost, or has ended. */
export type Follow = (following: Following) => Promise<{ readonly over: Promise<never> }>;

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
}

/** `followFor` knows how to follow one service, or all of them. */
export function newFollows(followFor: (service: string | undefined) => Follow): Follows {
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
    const follow = async (): Promise<void> => {
      const { over } = await followFor(service)({ emit: (event) => watchers.emit(event), signal: stop.signal });
      over.catch((error: unknown) => end(service, running, error as Error));
    };
    const ready = follow();
    ready.catch((error: unknown) => end(service, running, error as Error));
    const running: Running = { watchers, ready, stop, joining: 0 };
    all.set(service, running);
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

/** Resolves or rejects with the promise, or resolves when the signal aborts before. */
function orAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => resolve();
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
