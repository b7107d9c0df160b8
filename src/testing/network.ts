import type { Directory } from '../discovery/directory.ts';
import { createDirectory } from '../discovery/directory/follow.ts';
import { memoryRegistry } from '../discovery/memory/memory.ts';
import type { Registry } from '../discovery/registry.ts';
import type { Log } from '../log/log.ts';
import type { Broker } from '../runtime/broker/broker.ts';
import { memoryBroker } from '../runtime/broker/memory.ts';
import type { Client } from '../runtime/client/client.ts';
import { newClient } from '../runtime/client/micro.ts';
import type { Server } from '../runtime/server/server.ts';
import { memoryTransport } from '../runtime/transport/memory.ts';
import type { Transport } from '../runtime/transport/transport.ts';

/** What services are found and reached through. */
export interface TestNetwork {
  readonly registry: Registry;
  readonly transport: Transport;
  readonly broker: Broker;
  readonly client: Client;
}

/** Something that serves: a server, or the `server` of a service. */
export type TestService = Pick<Server, 'start' | 'stop'>;

/** A network that is there, with a view of it. */
export interface OpenNetwork extends TestNetwork {
  readonly directory: Directory;
  /** What was not given is closed. */
  close(): Promise<void>;
}

export function openNetwork(given: Partial<TestNetwork>, name: string, log: Log): OpenNetwork {
  const { registry = memoryRegistry(), transport = memoryTransport(), broker = memoryBroker() } = given;
  const directory = createDirectory(registry, { log });
  const client =
    given.client ?? newClient({ name, transport, broker, lookup: (service) => directory.lookup(service), log });
  return {
    registry,
    transport,
    broker,
    client,
    directory,
    async close() {
      if (given.client === undefined) await client.close();
      if (given.broker === undefined) await broker.disconnect();
      await directory.close();
      if (given.registry === undefined) await registry.close();
    },
  };
}
