import { withResolvers } from '../../async/queue.ts';
import { sleep } from '../../async/sleep.ts';
import { type RegistryEvent, RegistryError } from '../registry.ts';
import type { Cluster } from './cluster.ts';
import { eventsOf } from './events.ts';
import { verdictOf, refused } from './failure.ts';
import { checkSame, type Position, positionAfter, positionNow } from './history.ts';
import type { Line } from './line.ts';
import { startPulse } from './pulse.ts';
import { type ChangeStream, openStream } from './stream.ts';
import type { ReadEntry } from './values.ts';

/** Follows all services, for everybody who watches. */
export interface Feed {
  /** Resolves as soon as nothing that happens is missed any more; starts following. Rejects with a `RegistryError`. */
  ready(): Promise<void>;
  /** Ends it until somebody needs it again. */
  stop(): void;
}

export interface FeedOptions {
  readonly cluster: Cluster;
  readonly read: ReadEntry;
  readonly emit: (event: RegistryEvent) => void;
  /** Told `true` when etcd is out of reach, and `false` when the feed goes on where it was. */
  readonly onOutage: (out: boolean, error?: RegistryError) => void;
  /** Something was missed, or will be: the feed has ended. */
  readonly onLost: (error: RegistryError) => void;
}

/** Waits between attempts to reach etcd again, with some of it left to chance: all of its clients try at the same time. */
const minNapMs = 20;
const maxNapMs = 500;
/**
 * A watch that is not back by then is an outage, though etcd may still answer: one that hung lets leases end when it goes on. An election is
 * over before.
 */
const patienceMs = 2500;

export function newFeed(options: FeedOptions): Feed {
  const { cluster } = options;
  let running: Run | undefined;
  return {
    ready() {
      running ??= startRun(options, (run) => {
        if (running === run) running = undefined;
      });
      return running.ready();
    },
    stop() {
      running?.stop(new RegistryError('unavailable', `the watch on ${cluster.name} has ended`));
      running = undefined;
    },
  };
}

/** One life of a feed: from the first who watches to the last, or to a loss. */
interface Run {
  ready(): Promise<void>;
  stop(reason: RegistryError): void;
}

function startRun({ cluster, read, emit, onOutage, onLost }: FeedOptions, onEnd: (run: Run) => void): Run {
  const over = new AbortController();
  let position: Position | undefined;
  let attempt = newAttempt();
  let nap = new AbortController();
  let napMs = minNapMs;
  let isOut = false;

  const setOut = (out: boolean, error?: RegistryError): void => {
    if (isOut === out) return;
    isOut = out;
    onOutage(out, error);
  };

  /** Answers of etcd that say no come as they are, those of the cluster as a `RegistryError`. */
  const connect = (): Promise<Connection> =>
    cluster.ask(
      async (line, signal) => {
        if (position !== undefined) await checkSame(line, position, signal);
        position ??= await positionNow(line, signal);
        return { line, stream: await openStream(line, position.revision + 1n, signal) };
      },
      { signal: over.signal, isAnswer: () => true },
    );

  const follow = async ({ line, stream }: Connection): Promise<void> => {
    const pulse = startPulse(line, cluster);
    const startedAt = performance.now();
    over.signal.addEventListener('abort', stream.close, { once: true });
    try {
      if (over.signal.aborted) return;
      setOut(false);
      attempt.resolve();
      for await (const batch of stream.batches) {
        for (const change of batch.changes) for (const event of eventsOf(change, read)) emit(event);
        if (position !== undefined) position = positionAfter(position, batch);
      }
    } finally {
      if (performance.now() - startedAt > maxNapMs) napMs = minNapMs;
      over.signal.removeEventListener('abort', stream.close);
      stream.close();
      pulse.stop();
    }
  };

  const rest = async (): Promise<void> => {
    nap = new AbortController();
    if (over.signal.aborted) return;
    await sleep(napMs / 2 + (Math.random() * napMs) / 2, nap.signal);
    napMs = Math.min(napMs * 2, maxNapMs);
  };

  /** Tells of an outage when it takes long. */
  const connectSoon = async (): Promise<Connection> => {
    const timer = position === undefined ? undefined : setTimeout(() => setOut(true), patienceMs);
    try {
      return await connect();
    } finally {
      clearTimeout(timer);
    }
  };

  const run = async (): Promise<void> => {
    while (!over.signal.aborted) {
      try {
        await follow(await connectSoon());
      } catch (error) {
        if (over.signal.aborted) return;
        const isOutage = error instanceof RegistryError && error.code === 'unavailable';
        if (isOutage) attempt.reject(error);
        const isFinal = !isOutage && verdictOf(error) !== 'silent';
        if (position === undefined || isFinal) {
          lose(error instanceof RegistryError ? error : refused(cluster.name, error));
          return;
        }
        if (isOutage) setOut(true, error);
      }
      attempt = attempt.isOpen ? attempt : newAttempt();
      await rest();
    }
  };

  const lose = (error: RegistryError): void => {
    over.abort(error);
    attempt.reject(error);
    onEnd(self);
    onLost(error);
  };

  const self: Run = {
    ready() {
      // Somebody waits: no reason to sleep on.
      nap.abort();
      return attempt.promise;
    },
    stop(reason) {
      over.abort(reason);
      attempt.reject(reason);
      nap.abort();
    },
  };
  void run();
  return self;
}

interface Connection {
  readonly line: Line;
  readonly stream: ChangeStream;
}

/** What those wait for who want to watch: open until it is known whether etcd can be followed. */
interface Attempt {
  readonly promise: Promise<void>;
  readonly isOpen: boolean;
  resolve(): void;
  reject(error: Error): void;
}

function newAttempt(): Attempt {
  const { promise, resolve, reject } = withResolvers<void>();
  let isOpen = true;
  promise.catch(() => {});
  return {
    promise,
    get isOpen() {
      return isOpen;
    },
    resolve() {
      isOpen = false;
      resolve();
    },
    reject(error) {
      isOpen = false;
      reject(error);
    },
  };
}
