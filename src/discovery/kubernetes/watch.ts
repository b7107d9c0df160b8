import { AsyncQueue } from '../../async/queue.ts';
import { RegistryError, type RegistryEvent, type WatchOptions } from '../registry.ts';
import { type FollowOptions, follow } from './follow.ts';

export interface WatchPodsOptions extends Omit<FollowOptions, 'emit' | 'signal'> {
  readonly watch: WatchOptions;
  /** The registry was closed, and why: a `RegistryError`. */
  readonly stop: AbortSignal;
}

/** What a watch of the registry gives. */
export async function watchPods({ watch, stop, ...pods }: WatchPodsOptions): Promise<AsyncIterable<RegistryEvent>> {
  const { service, signal } = watch;
  const over = new AbortController();
  const leave = (): void => over.abort(new RegistryError('closed', 'the watch has ended'));
  const close = (): void => over.abort(stop.reason);
  const queue = new AsyncQueue<RegistryEvent>(leave);
  const emit = (event: RegistryEvent): void => {
    if (service === undefined || event.service.name === service) queue.push(event);
  };
  const finish = (): void => {
    signal.removeEventListener('abort', leave);
    stop.removeEventListener('abort', close);
    if (stop.aborted) queue.fail(stop.reason as Error);
    else queue.end();
  };
  over.signal.addEventListener('abort', finish, { once: true });
  signal.addEventListener('abort', leave, { once: true });
  stop.addEventListener('abort', close, { once: true });
  if (signal.aborted) leave();
  if (over.signal.aborted) return queue;
  try {
    const { end } = await follow({ ...pods, emit, signal: over.signal });
    end.catch((error: unknown) => queue.fail(error instanceof Error ? error : new Error(String(error)))).finally(leave);
    return queue;
  } catch (error) {
    const isCalledOff = signal.aborted && !stop.aborted;
    leave();
    if (isCalledOff) return queue;
    throw error;
  }
}
