import { onTestFinished } from 'vitest';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import type { Registry } from '../../src/discovery/registry.ts';
import type { Client } from '../../src/runtime/client/client.ts';
import type { ClientOptions } from '../../src/runtime/client/micro.ts';
import { newClient } from '../../src/runtime/client/micro.ts';
import type { ServerOptions } from '../../src/runtime/server/micro.ts';
import { newServer } from '../../src/runtime/server/micro.ts';
import type { Handler, Method, Server } from '../../src/runtime/server/server.ts';
import { unary } from '../../src/runtime/server/server.ts';
import { httpTransport } from '../../src/runtime/transport/http/http.ts';
import { memoryTransport } from '../../src/runtime/transport/memory.ts';
import type { Transport } from '../../src/runtime/transport/transport.ts';

/** Both transports; most of what client and server promise does not depend on which it is. */
export const transports: readonly (readonly [string, () => Transport])[] = [
  ['http', httpTransport],
  ['memory', memoryTransport],
];

/** One registry, one transport, and whatever a test starts on them; all of it ends with the test. */
export interface World {
  readonly registry: Registry;
  readonly transport: Transport;
  serve(methods: Readonly<Record<string, Method>>, options?: Partial<ServerOptions>): Promise<Server>;
  client(options?: Partial<ClientOptions>): Client;
}

export function newWorld(makeTransport: () => Transport = httpTransport): World {
  const registry = memoryRegistry();
  const transport = makeTransport();
  onTestFinished(() => registry.close());
  return {
    registry,
    transport,
    async serve(methods, options) {
      const server = newServer({ name: 'greeter', address: '127.0.0.1:0', registry, transport, ...options });
      const handler: Handler = { name: 'Greeter', methods };
      server.handle(handler);
      onTestFinished(() => server.stop({ graceMs: 0 }));
      await server.start();
      return server;
    },
    client(options) {
      // A machine that stands still for five seconds fails no call whose time is not the matter.
      const defaults = { timeoutMs: 20_000, ...options?.defaults };
      const client = newClient({ registry, transport, ...options, defaults });
      onTestFinished(() => client.close());
      return client;
    },
  };
}

interface Named {
  readonly name?: string;
}

export const hello = unary(({ name = '' }: Named) => ({ msg: `Hello ${name}` }));

/** The error a promise rejects with; fails when it resolves, and whoever awaits it is told, however late. */
export function failure(promise: Promise<unknown>): Promise<unknown> {
  const failed = promise.then(
    () => Promise.reject(new Error('it succeeded')),
    (error: unknown) => error,
  );
  failed.catch(() => {});
  return failed;
}
