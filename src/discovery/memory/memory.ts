import { type Node, type Registry, RegistryError, type ServiceRecord } from '../registry.ts';
import { byVersion, same } from '../versions.ts';
import { newWatchers } from '../watchers.ts';

/** A longer timer would fire at once. */
const maxTimerMs = 2 ** 31 - 1;

/** One node as it was registered: a record with this node alone. */
interface Entry {
  readonly record: ServiceRecord;
  readonly expiry: NodeJS.Timeout | undefined;
}

/** Keeps everything in this process. Whoever shall see each other shares one object. */
export function memoryRegistry(): Registry {
  const services = new Map<string, Map<string, Entry>>();
  const watchers = newWatchers();
  let closed = false;

  const open = (): void => {
    if (closed) throw new RegistryError('closed', 'the memory registry is closed');
  };

  const put = (service: ServiceRecord, node: Node, ttlMs: number | undefined): void => {
    const nodes = services.get(service.name) ?? new Map<string, Entry>();
    services.set(service.name, nodes);
    const known = nodes.get(node.id);
    clearTimeout(known?.expiry);
    const record = { ...service, nodes: [node] };
    const expiry =
      ttlMs === undefined
        ? undefined
        : setTimeout(() => remove(service.name, node.id), Math.min(ttlMs, maxTimerMs)).unref();
    nodes.set(node.id, { record, expiry });
    if (known === undefined) watchers.emit({ action: 'create', service: record });
    else if (!same(known.record, record)) watchers.emit({ action: 'update', service: record });
  };

  const remove = (name: string, id: string): void => {
    const nodes = services.get(name);
    const entry = nodes?.get(id);
    if (nodes === undefined || entry === undefined) return;
    clearTimeout(entry.expiry);
    nodes.delete(id);
    if (nodes.size === 0) services.delete(name);
    watchers.emit({ action: 'delete', service: entry.record });
  };

  const versionsOf = (nodes: ReadonlyMap<string, Entry>): readonly ServiceRecord[] =>
    byVersion([...nodes.values()].map(({ record }) => record));

  return {
    name: 'memory',
    async register(service, options) {
      open();
      if (service.name === '') throw new RegistryError('invalid', 'a service record needs a name');
      const { nodes, ...rest } = structuredClone(service);
      for (const node of nodes) put({ ...rest, nodes: [] }, node, options?.ttlMs);
    },
    async deregister(service) {
      open();
      for (const node of service.nodes) remove(service.name, node.id);
    },
    async getService(name) {
      open();
      return versionsOf(services.get(name) ?? new Map());
    },
    async listServices() {
      open();
      const names = [...services.keys()].toSorted();
      return names.flatMap((name) => versionsOf(services.get(name) ?? new Map()));
    },
    async watch(options) {
      open();
      return watchers.add(options);
    },
    async close() {
      if (closed) return;
      for (const [name, nodes] of services) for (const id of nodes.keys()) remove(name, id);
      closed = true;
      watchers.fail(new RegistryError('closed', 'the memory registry was closed'));
    },
  };
}
