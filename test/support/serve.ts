import { onTestFinished } from 'vitest';
import { mdnsRegistry } from '../../src/discovery/mdns/mdns.ts';
import type { Handler } from '../../src/runtime/server/server.ts';
import { newService } from '../../src/runtime/service.ts';

export interface ServeOptions {
  /** Of mDNS, on the loopback interface. */
  readonly domain: string;
  readonly name: string;
  readonly handlers: readonly Handler[];
  readonly id?: string;
}

export interface Served {
  readonly address: string;
  /** Resolves when it has left the registry and everything has stopped. */
  stop(): Promise<void>;
}

/** Runs a service as a program would, in this process, until the test ends. Resolves when it is registered. */
export async function serve({ domain, ...options }: ServeOptions): Promise<Served> {
  const registry = mdnsRegistry({ interface: '127.0.0.1', domain });
  const end = new AbortController();
  let serving = (): void => {};
  const started = new Promise<void>((resolve) => {
    serving = resolve;
  });
  const service = newService({
    ...options,
    registry,
    address: '127.0.0.1:0',
    version: '1.0.0',
    afterStart: [() => serving()],
    afterStop: [() => registry.close()],
  });
  const ended = service.run({ signal: end.signal });
  const stop = async (): Promise<void> => {
    end.abort();
    await ended;
  };
  onTestFinished(stop);
  await Promise.race([started, ended]);
  return { address: service.server.address, stop };
}
