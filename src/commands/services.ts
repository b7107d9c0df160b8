import type { Registry, ServiceRecord } from '../discovery/registry.ts';
import { mapBounded } from './bounded.ts';
import { compare } from './set.ts';

/** All services that have nodes, by name, each with its versions. */
export type Services = ReadonlyMap<string, readonly ServiceRecord[]>;

/** How many services are asked for at a time: over mDNS each question takes a tenth of a second. */
const atOnce = 32;

/**
 * Reads the whole registry. A service that was there `before` and is missing now is asked for once more: a lost datagram must not
 * make a command disappear. Rejects with what the registry throws.
 */
export async function readServices(registry: Registry, before: Services): Promise<Services> {
  const listed = (await registry.listServices()).map(({ name }) => name);
  const first = await read(registry, [...new Set(listed)]);
  const missing = [...before.keys()].filter((name) => !first.has(name));
  const second = await read(registry, missing);
  return new Map([...first, ...second].sort(([one], [other]) => compare(one, other)));
}

async function read(registry: Registry, names: readonly string[]): Promise<Services> {
  const found = await mapBounded(names, atOnce, async (name) => {
    const versions = await registry.getService(name);
    return [name, versions.filter(({ nodes }) => nodes.length > 0).sort(newestFirst)] as const;
  });
  return new Map(found.filter(([, versions]) => versions.length > 0));
}

const newestFirst = (one: ServiceRecord, other: ServiceRecord): number =>
  other.version.localeCompare(one.version, 'en', { numeric: true });
