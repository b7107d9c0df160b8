import { AsyncQueue, withResolvers } from '../../../src/async/queue.ts';
import { memoryRegistry } from '../../../src/discovery/memory/memory.ts';
import {
  type Registry,
  RegistryError,
  type RegistryEvent,
  type WatchOptions,
} from '../../../src/discovery/registry.ts';

const lost = (): RegistryError => new RegistryError('unavailable', 'the line is cut');

interface Watching {
  readonly queue: AsyncQueue<RegistryEvent>;
  readonly line: AbortController;
  readonly onOutage: WatchOptions['onOutage'];
}

/**
 * A memory registry at the end of a bad line. Answers are true when they are given, and come late; events come in their order, and late; both
 * may be lost. `real` is the registry at the other end.
 */
export function faultyRegistry(traits: { readonly listsNodes?: boolean } = {}) {
  let real = memoryRegistry();
  const watches = new Set<Watching>();
  const asked = { lists: 0, watches: 0, names: [] as string[], now: 0, most: 0 };
  const state = {
    cut: false,
    hung: false,
    losesEvents: false,
    /** Its own log has told that it is out of reach. */
    isTold: false,
    broken: new Set<string>(),
    /** What the next questions for these find nothing of. */
    overlooked: [] as string[],
    answerDelay: (): Promise<unknown> => Promise.resolve(),
    eventDelay: (): Promise<unknown> => Promise.resolve(),
  };

  const answer = async <T>(give: () => Promise<T>): Promise<T> => {
    asked.now += 1;
    asked.most = Math.max(asked.most, asked.now);
    try {
      if (state.hung) await new Promise(() => {});
      if (state.cut) throw lost();
      const given = await give();
      await state.answerDelay();
      if (state.cut) throw lost();
      return given;
    } finally {
      asked.now -= 1;
    }
  };

  const overlooks = (name: string): boolean => {
    const at = state.overlooked.indexOf(name);
    if (at >= 0) state.overlooked.splice(at, 1);
    return at >= 0;
  };

  const view: Registry = {
    name: 'faulty',
    listsNodes: traits.listsNodes ?? true,
    get isOut() {
      return state.isTold;
    },
    register: (service, options) => real.register(service, options),
    deregister: (service) => real.deregister(service),
    getService(name) {
      asked.names.push(name);
      if (state.broken.has(name)) return Promise.reject(new RegistryError('invalid', `${name} is garbled`));
      return answer(async () => (overlooks(name) ? [] : real.getService(name)));
    },
    listServices() {
      asked.lists += 1;
      return answer(async () => {
        const all = (await real.listServices()).filter(({ name }) => !overlooks(name));
        return view.listsNodes === true ? all : all.map((record) => ({ ...record, nodes: [], endpoints: [] }));
      });
    },
    watch({ signal, onOutage }) {
      asked.watches += 1;
      return answer(async () => {
        const line = new AbortController();
        const queue = new AsyncQueue<RegistryEvent>(() => {
          watches.delete(watching);
          line.abort();
        });
        const watching: Watching = { queue, line, onOutage };
        watches.add(watching);
        signal.addEventListener('abort', () => queue.end(), { once: true });
        if (signal.aborted) queue.end();
        void pass(await real.watch({ signal: line.signal }), queue);
        return queue;
      });
    },
    close: () => real.close(),
  };

  const pass = async (events: AsyncIterable<RegistryEvent>, queue: AsyncQueue<RegistryEvent>): Promise<void> => {
    for await (const event of events) {
      if (state.losesEvents) continue;
      await state.eventDelay();
      queue.push(event);
    }
  };

  return {
    view,
    state,
    asked,
    get real() {
      return real;
    },
    get watchers() {
      return watches.size;
    },
    /** Nothing comes through any more; watches fail. */
    cut(error: Error = lost()): void {
      state.cut = true;
      for (const { queue, line } of watches) {
        line.abort();
        queue.fail(error);
      }
    },
    mend: () => void (state.cut = false),
    /** The watch waits for the registry, or goes on. */
    outage(out: boolean, error?: Error): void {
      state.cut = out;
      for (const { onOutage } of watches) onOutage?.(out, error);
    },
    tell(event: RegistryEvent): void {
      for (const { queue } of watches) queue.push(event);
    },
    /** The registry forgets everything, and nobody is told. */
    wipe(): void {
      for (const { line } of watches) line.abort();
      real = memoryRegistry();
    },
    holdAnswers: () => hold((delay) => void (state.answerDelay = delay)),
    holdEvents: () => hold((delay) => void (state.eventDelay = delay)),
  };
}

export type Faulty = ReturnType<typeof faultyRegistry>;

/** Holds what comes from now on; calling what it gives lets everything go. */
function hold(set: (delay: () => Promise<unknown>) => void): () => void {
  const held = withResolvers<void>();
  set(() => held.promise);
  return () => {
    set(() => Promise.resolve());
    held.resolve();
  };
}
