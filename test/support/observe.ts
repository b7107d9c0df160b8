import type { Registry, RegistryEvent } from '../../src/discovery/registry.ts';

/** A watch whose events can be looked at. */
export interface Observed {
  readonly events: readonly RegistryEvent[];
  seen(action: RegistryEvent['action'], nodeId: string): boolean;
  /** Settles with the iteration: rejects with what it throws. */
  readonly ended: Promise<void>;
  /** Aborts the watch and waits for its end. */
  stop(): Promise<void>;
}

export async function observe(registry: Registry, service?: string, signal?: AbortSignal): Promise<Observed> {
  const stop = new AbortController();
  const events: RegistryEvent[] = [];
  const watch = await registry.watch({ signal: signal ?? stop.signal, ...(service === undefined ? {} : { service }) });
  const read = async (): Promise<void> => {
    for await (const event of watch) events.push(event);
  };
  const ended = read();
  ended.catch(() => {});
  return {
    events,
    seen: (action, nodeId) =>
      events.some((event) => event.action === action && event.service.nodes.some(({ id }) => id === nodeId)),
    ended,
    async stop() {
      stop.abort();
      await ended;
    },
  };
}
