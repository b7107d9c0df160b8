import { onTestFinished } from 'vitest';
import { mdnsRegistry } from '../../src/discovery/mdns/mdns.ts';
import type { Registry } from '../../src/discovery/registry.ts';
import type { Client } from '../../src/runtime/client/client.ts';
import { newClient } from '../../src/runtime/client/micro.ts';
import { newServer, type ServerOptions } from '../../src/runtime/server/micro.ts';
import type { Handler, Server, Subscriber } from '../../src/runtime/server/server.ts';
import { httpTransport } from '../../src/runtime/transport/http/http.ts';

/** Our registry on the loopback interface, in the domain go-micro uses; it ends with the test. It soon misses nodes that died. */
export function ourRegistry(): Registry {
  const registry = mdnsRegistry({ interface: '127.0.0.1', refreshMs: 500 });
  onTestFinished(() => registry.close());
  return registry;
}

/** A client of ours that finds services itself; it ends with the test. */
export function ourClient(registry: Registry = ourRegistry()): Client {
  const client = newClient({ transport: httpTransport(), registry, name: 'interop', defaults: { timeoutMs: 20_000 } });
  onTestFinished(() => client.close());
  return client;
}

/** Serves handlers from this process; it ends with the test. */
export async function ourService(
  name: string,
  handlers: readonly Handler[],
  { subscribers = [], ...options }: Partial<ServerOptions> & { readonly subscribers?: readonly Subscriber[] } = {},
): Promise<Server> {
  const registry = options.registry ?? ourRegistry();
  const server = newServer({
    transport: httpTransport(),
    name,
    version: '1.0.0',
    address: '127.0.0.1:0',
    ...options,
    registry,
  });
  for (const handler of handlers) server.handle(handler);
  for (const subscriber of subscribers) server.subscribe(subscriber);
  await server.start();
  onTestFinished(() => server.stop({ graceMs: 0 }));
  return server;
}
