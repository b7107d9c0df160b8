import type { Node, ServiceRecord } from './registry.ts';

/** A longer timer would fire at once. */
const maxTimerMs = 2 ** 31 - 1;

/** What this process registered. */
export interface Shelf {
  readonly isEmpty: boolean;
  has(name: string, nodeId: string): boolean;
  /** Replaces what was known of these nodes. Without `ttlMs`: until they are taken. */
  put(service: ServiceRecord, nodes: readonly Node[], ttlMs: number | undefined): void;
  /** The record of the node, with it alone; undefined when there was none. */
  take(name: string, nodeId: string): ServiceRecord | undefined;
  /** One record a version, told as the latest of its nodes told it. */
  of(name: string): readonly ServiceRecord[];
  all(): readonly ServiceRecord[];
  clear(): void;
}

interface Entry {
  /** With this node alone. */
  readonly record: ServiceRecord;
  readonly expiry: NodeJS.Timeout | undefined;
}

/** `onExpired` is told the record of a node whose time was over; it is not there any more. */
export function newShelf(onExpired: (record: ServiceRecord) => void): Shelf {
  const services = new Map<string, Map<string, Entry>>();

  const take = (name: string, nodeId: string): ServiceRecord | undefined => {
    const nodes = services.get(name);
    const entry = nodes?.get(nodeId);
    if (nodes === undefined || entry === undefined) return undefined;
    clearTimeout(entry.expiry);
    nodes.delete(nodeId);
    if (nodes.size === 0) services.delete(name);
    return entry.record;
  };

  const expire = (name: string, nodeId: string): void => {
    const record = take(name, nodeId);
    if (record !== undefined) onExpired(record);
  };

  const of = (name: string): readonly ServiceRecord[] => {
    const versions = new Map<string, ServiceRecord>();
    for (const { record } of services.get(name)?.values() ?? []) {
      const others = versions.get(record.version)?.nodes ?? [];
      versions.set(record.version, { ...record, nodes: [...others, ...record.nodes] });
    }
    return [...versions.values()];
  };

  return {
    get isEmpty() {
      return services.size === 0;
    },
    has: (name, nodeId) => services.get(name)?.has(nodeId) === true,
    put(service, nodes, ttlMs) {
      for (const node of nodes) {
        take(service.name, node.id);
        const expiry =
          ttlMs === undefined
            ? undefined
            : setTimeout(() => expire(service.name, node.id), Math.min(ttlMs, maxTimerMs)).unref();
        const entries = services.get(service.name) ?? new Map<string, Entry>();
        entries.set(node.id, { record: { ...service, nodes: [node] }, expiry });
        services.set(service.name, entries);
      }
    },
    take,
    of,
    all: () => [...services.keys()].flatMap(of),
    clear() {
      for (const nodes of services.values()) for (const { expiry } of nodes.values()) clearTimeout(expiry);
      services.clear();
    },
  };
}
