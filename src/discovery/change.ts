import type { RegistryEvent, ServiceRecord } from './registry.ts';
import { same, withoutNodes } from './versions.ts';

type Records = readonly ServiceRecord[];

/** The records of one service after an event. The very same array when the event says nothing new. */
export function applied(records: Records, { action, service }: RegistryEvent): Records {
  const rest = withoutNodes(records, new Set(service.nodes.map(({ id }) => id)));
  switch (action) {
    case 'create':
    case 'update': {
      const next = joined(rest, records, service);
      return same(sorted(next), sorted(records)) ? records : next;
    }
    case 'delete':
      return countNodes(rest) === countNodes(records) ? records : rest;
    default:
      return action satisfies never;
  }
}

/** An event speaks for its version: endpoints and metadata are the newest node's. */
function joined(rest: Records, before: Records, service: ServiceRecord): Records {
  if (service.nodes.length === 0) return before;
  const others = rest.filter(({ version }) => version !== service.version);
  const nodes = rest.find(({ version }) => version === service.version)?.nodes ?? [];
  return [...others, { ...service, nodes: [...nodes, ...service.nodes] }];
}

const countNodes = (records: Records): number => records.reduce((sum, { nodes }) => sum + nodes.length, 0);

const sorted = (records: Records): Records =>
  records
    .map((record) => ({ ...record, nodes: record.nodes.toSorted((a, b) => (a.id < b.id ? -1 : 1)) }))
    .toSorted((a, b) => (a.version < b.version ? -1 : 1));
