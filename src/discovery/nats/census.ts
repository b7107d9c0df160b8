import type { ServiceRecord } from '../registry.ts';
import type { Nodes } from './question.ts';

/** What is known of one node. */
export interface Known {
  /** With this node alone. */
  readonly record: ServiceRecord;
  /** How often in a row it did not answer. */
  readonly missed: number;
  /** When it spoke last, by the clock of `performance`. */
  readonly spokeAt: number;
}

/** Nodes by their keys, and by their services. */
export interface Census {
  readonly size: number;
  get(key: string): Known | undefined;
  set(key: string, known: Known): void;
  delete(key: string): void;
  /** Of one service, or of all. */
  entries(name?: string): readonly (readonly [string, Known])[];
  nodes(name?: string): Nodes;
  /** The services of those that did not answer the last time. */
  suspects(): readonly string[];
  /** Forgets all other services. */
  keepOnly(names: ReadonlySet<string>): void;
  clear(): void;
}

export function newCensus(): Census {
  const all = new Map<string, Known>();
  const services = new Map<string, Map<string, Known>>();

  const remove = (key: string): void => {
    const name = all.get(key)?.record.name;
    if (name === undefined) return;
    all.delete(key);
    const nodes = services.get(name);
    nodes?.delete(key);
    if (nodes?.size === 0) services.delete(name);
  };

  const entries = (name?: string): readonly (readonly [string, Known])[] => [
    ...(name === undefined ? all : (services.get(name) ?? [])),
  ];

  return {
    get size() {
      return all.size;
    },
    get: (key) => all.get(key),
    set(key, known) {
      const { name } = known.record;
      const nodes = services.get(name) ?? new Map<string, Known>();
      services.set(name, nodes.set(key, known));
      all.set(key, known);
    },
    delete: remove,
    entries,
    nodes: (name) => new Map(entries(name).map(([key, { record }]) => [key, record])),
    suspects: () =>
      [...services].filter(([, nodes]) => [...nodes.values()].some(({ missed }) => missed > 0)).map(([name]) => name),
    keepOnly(names) {
      for (const name of services.keys()) if (!names.has(name)) for (const [key] of entries(name)) remove(key);
    },
    clear() {
      all.clear();
      services.clear();
    },
  };
}
