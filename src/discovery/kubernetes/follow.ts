import type { Readable } from 'node:stream';
import { z } from 'zod';
import { deadline } from '../../async/deadline.ts';
import { sleep } from '../../async/sleep.ts';
import { RegistryError, type RegistryEvent } from '../registry.ts';
import type { Api } from './api.ts';
import { frames } from './frames.ts';
import { listPods, readPod, versionOf } from './pods.ts';
import { Refusal, refusalIn } from './refusal.ts';
import type { View } from './view.ts';

export interface FollowOptions {
  readonly api: Api;
  /** Which pods. */
  readonly labelSelector: string;
  readonly view: View;
  readonly emit: (event: RegistryEvent) => void;
  readonly timeoutMs: number;
  /** How long a stream lasts before the next takes over. */
  readonly renewMs: number;
  /** Ends it. Its reason must be a `RegistryError`. */
  readonly signal: AbortSignal;
}

interface Stream {
  readonly body: Readable;
  readonly life: AbortController;
}

/** How a stream ended. */
interface Ending {
  /** Undefined when it ended in order: the next can go on from there. */
  readonly error: unknown;
  /** It did what it is there for. */
  readonly worked: boolean;
}

const firstPauseMs = 50;
const maxPauseMs = 1000;
/** A stream that lasted so long has worked, even if nothing came. */
const provenMs = 1000;

const frameShape = z.object({ type: z.string(), object: z.unknown() });

/**
 * Follows the pods. Resolves once it does; `end` resolves when the signal aborts and rejects when the pods are lost for good. What happens
 * while no stream is there is told afterwards: from where the last one ended, if it ended in order, else by comparing with a new list.
 */
export async function follow(options: FollowOptions): Promise<{ readonly end: Promise<void> }> {
  const { api, labelSelector, view, emit, timeoutMs, renewMs, signal } = options;
  const asked = await api.asked('watch');
  const streamSeconds = Math.ceil(renewMs / 1000);
  let version = '';

  const list = async (): Promise<readonly RegistryEvent[]> => {
    const found = await listPods(api, { labelSelector }, { signal, timeoutMs });
    version = found.version;
    return view.replace(found.pods);
  };

  const open = async (): Promise<Stream> => {
    using limit = deadline(signal, timeoutMs);
    const life = new AbortController();
    const query = {
      labelSelector,
      watch: 'true',
      resourceVersion: version,
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(streamSeconds),
    };
    return { body: await api.stream({ verb: 'watch', query }, limit, life), life };
  };

  /** Opens a stream after one that ended. */
  const reopen = async (goOn: boolean): Promise<Stream> => {
    using limit = deadline(signal, timeoutMs);
    let hasList = goOn;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
      try {
        // A server that was away may have been set up anew: where the last stream ended means nothing there.
        if (!hasList) for (const event of await list()) emit(event);
        hasList = true;
        return await open();
      } catch (error) {
        if (!isPassing(error)) throw error;
        hasList = false;
        await sleep(pauseMs, limit.signal);
        if (limit.signal.aborted) throw error;
      }
    }
  };

  const take = (frame: unknown): readonly RegistryEvent[] => {
    const { type, object } = frameShape.parse(frame);
    switch (type) {
      case 'ADDED':
      case 'MODIFIED':
        return view.put(readPod(object));
      case 'DELETED':
        return view.remove(readPod(object).name);
      case 'ERROR':
        throw refusalIn(object, asked);
      default:
        return [];
    }
  };

  /** Reads a stream to its end. Throws what no other stream can mend. */
  const read = async ({ body, life }: Stream): Promise<Ending> => {
    const beganAt = performance.now();
    let hasCome = false;
    const ending = (error?: unknown): Ending => ({
      error,
      worked: hasCome || performance.now() - beganAt >= provenMs,
    });
    const stop = (): void => life.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    // The server ends it before that. If it does not, it is not there any more.
    const silence = setTimeout(() => life.abort(), streamSeconds * 1000 + timeoutMs);
    try {
      for await (const frame of frames(body)) {
        for (const event of take(frame)) emit(event);
        version = versionOf(frame);
        hasCome = true;
      }
      return ending();
    } catch (error) {
      if (error instanceof Refusal && !isPassing(error)) throw error;
      return ending(error);
    } finally {
      clearTimeout(silence);
      signal.removeEventListener('abort', stop);
      life.abort();
    }
  };

  const run = async (first: Stream): Promise<void> => {
    let pauseMs = 0;
    let workedAt = performance.now();
    for (let stream = first; ; ) {
      const { error, worked } = await read(stream);
      if (signal.aborted) return;
      if (worked) workedAt = performance.now();
      pauseMs = worked ? 0 : Math.min(Math.max(firstPauseMs, pauseMs * 2), maxPauseMs);
      if (performance.now() - workedAt > timeoutMs) {
        throw new RegistryError('unavailable', `${asked.server} can't keep a watch`, { cause: error });
      }
      await sleep(pauseMs, signal);
      if (signal.aborted) return;
      stream = await reopen(error === undefined);
    }
  };

  await list();
  const end = run(await open());
  return { end };
}

/** Whether it may be otherwise in a moment: a server that is away, a token that was just replaced, a list too old to go on from. */
const isPassing = (error: unknown): boolean =>
  error instanceof Refusal
    ? error.isTransient || error.isGone || error.status === 401
    : error instanceof RegistryError && error.code === 'unavailable';
