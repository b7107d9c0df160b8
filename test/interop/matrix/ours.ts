import { memoryRegistry } from '../../../src/discovery/memory/memory.ts';
import type { Registry, ServiceRecord } from '../../../src/discovery/registry.ts';
import type { Broker } from '../../../src/runtime/broker/broker.ts';
import { httpBroker } from '../../../src/runtime/broker/http/http.ts';
import { natsBroker } from '../../../src/runtime/broker/nats/nats.ts';
import type { Scope } from './scope.ts';

/** Our registry, which knows `records` and reaches nobody. */
export async function ourRegistry(scope: Scope, records: readonly ServiceRecord[]): Promise<Registry> {
  const registry = memoryRegistry();
  scope.defer(() => registry.close());
  for (const record of records) await registry.register(record);
  return registry;
}

/** Our broker, connected; `nats` is the address of a server. */
export async function ourBroker(scope: Scope, registry: Registry, nats: string | undefined): Promise<Broker> {
  const broker =
    nats === undefined ? httpBroker({ registry, address: '127.0.0.1:0' }) : natsBroker({ servers: [nats] });
  scope.defer(() => broker.disconnect());
  await broker.connect();
  return broker;
}

/** Everything a registry knows. */
export async function recordsOf(registry: Registry): Promise<readonly ServiceRecord[]> {
  const names = new Set((await registry.listServices()).map(({ name }) => name));
  return (await Promise.all([...names].map((name) => registry.getService(name)))).flat();
}
