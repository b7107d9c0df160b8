import type { RegistryEvent, ServiceRecord } from '../registry.ts';
import { same } from '../versions.ts';

type Records = ReadonlyMap<string, ServiceRecord>;

/** What happened to one service. First what came and changed, then what went: a service that moves is never without a node. */
export function difference(before: Records = new Map(), after: Records = new Map()): readonly RegistryEvent[] {
  const events: RegistryEvent[] = [];
  for (const [id, service] of after) {
    const known = before.get(id);
    if (known === undefined) events.push({ action: 'create', service });
    else if (!same(known, service)) events.push({ action: 'update', service });
  }
  for (const [id, service] of before) if (!after.has(id)) events.push({ action: 'delete', service });
  return events;
}
