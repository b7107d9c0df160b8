import type { Node, RegistryEvent, ServiceRecord } from '../registry.ts';
import { equal } from './equal.ts';

type Records = readonly ServiceRecord[];

/** What events say while the registry is being asked. Its answer may be older than they are, or newer. */
export interface Told {
  add(event: RegistryEvent): void;
  /** A question begins, about one service or all: its answer is newer than what was told until now. */
  asking(name?: string): void;
  /** The services of which something was told since the last question about them. */
  readonly names: readonly string[];
  /** What was told since the last question about the service. */
  since(name: string): readonly RegistryEvent[];
  /** What was told all the time: which nodes are there, and which are not. */
  news(name: string): ReadonlyMap<string, boolean>;
}

const noNews: ReadonlyMap<string, boolean> = new Map();

export function newTold(): Told {
  const events = new Map<string, RegistryEvent[]>();
  const news = new Map<string, Map<string, boolean>>();
  return {
    add(event) {
      const { name, nodes } = event.service;
      const known = news.get(name) ?? new Map<string, boolean>();
      for (const { id } of nodes) known.set(id, event.action !== 'delete');
      news.set(name, known);
      const earlier = events.get(name);
      if (earlier === undefined) events.set(name, [event]);
      else earlier.push(event);
    },
    asking(name) {
      if (name === undefined) events.clear();
      else events.delete(name);
    },
    get names() {
      return [...events.keys()];
    },
    since: (name) => events.get(name) ?? [],
    news: (name) => news.get(name) ?? noNews,
  };
}

/** Whether the events, each node's last one, say something else than the records. */
export function contradicts(records: Records, events: readonly RegistryEvent[]): boolean {
  const last = new Map<string, RegistryEvent>();
  for (const event of events) {
    // Without its nodes it says that something happened, but not what.
    if (event.service.nodes.length === 0 && records.length > 0) return true;
    for (const { id } of event.service.nodes) last.set(id, event);
  }
  return [...last].some(([id, event]) => !agree(records, id, event));
}

function agree(records: Records, id: string, { action, service }: RegistryEvent): boolean {
  const holders = records.filter(({ nodes }) => nodes.some((node) => node.id === id));
  switch (action) {
    case 'delete':
      return holders.length === 0;
    case 'create':
    case 'update': {
      const [record] = holders;
      return (
        record !== undefined &&
        holders.length === 1 &&
        record.version === service.version &&
        equal(byId(record.nodes, id), byId(service.nodes, id)) &&
        equal(record.metadata, service.metadata) &&
        equal(record.endpoints, service.endpoints)
      );
    }
    default:
      return action satisfies never;
  }
}

/** The last one counts. */
const byId = (nodes: readonly Node[], id: string): Node | undefined => nodes.findLast((node) => node.id === id);

/** Whether an answer does without a node that should be there: `known` ones, but for those that left, and those that came. */
export function lacks(answer: Records, known: Records, news: ReadonlyMap<string, boolean>): boolean {
  if (known.length === 0 && news.size === 0) return false;
  const found = new Set(answer.flatMap(({ nodes }) => nodes.map(({ id }) => id)));
  for (const { nodes } of known) for (const { id } of nodes) if (!found.has(id) && news.get(id) !== false) return true;
  for (const [id, isThere] of news) if (isThere && !found.has(id)) return true;
  return false;
}
