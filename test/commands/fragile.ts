import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { type Registry, RegistryError, type WatchOptions } from '../../src/discovery/registry.ts';

export interface Fragile {
  readonly registry: Registry;
  /** From now on every question fails, and so do the watches. */
  readonly fail: () => void;
  readonly heal: () => void;
  /** The next question for this service is answered as if it was not there. */
  readonly loseNext: (service: string) => void;
}

/** A memory registry behind a connection that can be cut. */
export function fragile(): Fragile {
  const inner = memoryRegistry();
  const cuts = new Set<AbortController>();
  let isCut = false;
  let lost: string | undefined;
  const check = (): void => {
    if (isCut) throw new RegistryError('unavailable', 'the registry is unplugged');
  };
  const watch = async ({ signal, ...options }: WatchOptions): ReturnType<Registry['watch']> => {
    check();
    const cut = new AbortController();
    cuts.add(cut);
    signal.addEventListener('abort', () => cut.abort(), { once: true });
    const events = await inner.watch({ ...options, signal: cut.signal });
    return (async function* () {
      yield* events;
      check();
    })();
  };
  return {
    registry: {
      ...inner,
      watch,
      async listServices() {
        check();
        return inner.listServices();
      },
      async getService(name) {
        check();
        if (name !== lost) return inner.getService(name);
        lost = undefined;
        return [];
      },
    },
    fail() {
      isCut = true;
      for (const cut of cuts) cut.abort();
    },
    heal() {
      isCut = false;
    },
    loseNext(service) {
      lost = service;
    },
  };
}
