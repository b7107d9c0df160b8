import { AsyncQueue } from '../async/queue.ts';
import type { RegistryEvent, WatchOptions } from './registry.ts';

/** Everybody who watches one registry. */
export interface Watchers {
  readonly size: number;
  /** The service names watched; undefined when somebody watches all of them. */
  readonly services: ReadonlySet<string> | undefined;
  add(options: WatchOptions): AsyncIterable<RegistryEvent>;
  emit(event: RegistryEvent): void;
  /** Tells every watch of an outage and its reason, or of its end. */
  outage(out: boolean, error?: Error): void;
  /** Ends every watch with this error. */
  fail(error: Error): void;
}

/** `onLeave` is called after each watch that ends. */
export function newWatchers(onLeave?: () => void): Watchers {
  const watchers = new Map<AsyncQueue<RegistryEvent>, Pick<WatchOptions, 'service' | 'onOutage'>>();
  return {
    get size() {
      return watchers.size;
    },
    get services() {
      const names = [...watchers.values()].map(({ service }) => service).filter((name) => name !== undefined);
      return names.length < watchers.size ? undefined : new Set(names);
    },
    add({ signal, ...options }) {
      const leave = (): void => {
        signal.removeEventListener('abort', stop);
        if (watchers.delete(queue)) onLeave?.();
      };
      const queue = new AsyncQueue<RegistryEvent>(leave);
      const stop = (): void => {
        queue.end();
        leave();
      };
      watchers.set(queue, options);
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
      return queue;
    },
    emit(event) {
      for (const [queue, { service }] of watchers) {
        if (service === undefined || service === event.service.name) queue.push(event);
      }
    },
    outage(out, error) {
      for (const { onOutage } of watchers.values()) onOutage?.(out, error);
    },
    fail(error) {
      const all = [...watchers.keys()];
      watchers.clear();
      for (const queue of all) queue.fail(error);
      onLeave?.();
    },
  };
}
