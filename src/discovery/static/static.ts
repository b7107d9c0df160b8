import { setMaxListeners } from 'node:events';
import { deadline } from '../../async/deadline.ts';
import { sleep } from '../../async/sleep.ts';
import { type Log, silent } from '../../log/log.ts';
import { ordered } from '../order.ts';
import { type Registry, RegistryError, type ServiceRecord } from '../registry.ts';
import { newShelf } from '../shelf.ts';
import { same } from '../versions.ts';
import { newWatchers } from '../watchers.ts';
import { sourceOf } from './source.ts';

export interface StaticRegistryOptions {
  /**
   * A file as `./services.json`, or the services themselves as `greeter=10.0.0.1:8080,grpc://10.0.0.2:8080;other=10.0.0.3:80`. The file is
   * `{ "greeter": ["10.0.0.1:8080", { "address": "10.0.0.2:8080", "protocol": "grpc", "version": "1", "metadata": {}, "id": "one" }] }`, or
   * a list of records as go-micro writes them. What is left out: protocol `mucp`, version `latest`, and an id of name and address.
   */
  readonly addresses: readonly string[];
  /** How often a watch looks whether the file changed, in milliseconds. Default 500. */
  readonly pollMs?: number;
  /** How long the file may take to be read. Default 5000. */
  readonly timeoutMs?: number;
  readonly log?: Log;
}

type Nodes = ReadonlyMap<string, ServiceRecord>;

/**
 * Services that are written down rather than registered, beside those that this process registers, which nobody else sees. The file is
 * read when it is needed, and again when it changed: written anew, replaced, or behind a link that now leads elsewhere. A file that is
 * broken changes nothing, and is logged. Throws a `RegistryError` (`invalid`) for services that can't be understood.
 */
export function staticRegistry(options: StaticRegistryOptions): Registry {
  const { addresses, pollMs = 500, timeoutMs = 5000, log = silent } = options;
  if (addresses.every((address) => address.trim() === ''))
    throw new RegistryError(
      'invalid',
      'the static registry needs a file or services: ./services.json or name=host:port',
    );
  const source = sourceOf(addresses, log);
  const closing = new AbortController();
  // One for each question that is open.
  setMaxListeners(0, closing.signal);
  let written: readonly ServiceRecord[] | undefined;
  let view: Nodes = new Map();
  let polling: AbortController | undefined;

  const shelf = newShelf(() => show());
  const watchers = newWatchers(() => {
    if (watchers.size === 0) polling?.abort();
  });

  /** What is registered comes before what is written. */
  const show = (): void => {
    const before = view;
    const registered = shelf.all().flatMap((record) => record.nodes.map((node) => ({ ...record, nodes: [node] })));
    const after = new Map([...(written ?? []), ...registered].map((record) => [keyOf(record), record]));
    view = after;
    for (const [key, service] of before) if (!after.has(key)) watchers.emit({ action: 'delete', service });
    for (const [key, service] of after) {
      const known = before.get(key);
      if (known === undefined) watchers.emit({ action: 'create', service });
      else if (!same(known, service)) watchers.emit({ action: 'update', service });
    }
  };

  const open = (): void => {
    if (closing.signal.aborted) throw new RegistryError('closed', 'the static registry is closed');
  };

  const refresh = async (): Promise<void> => {
    open();
    const records = await inTime(source.read());
    open();
    if (records === written) return;
    written = records;
    show();
  };

  /** A file can be far away, and a read can't be called off. */
  const inTime = async <T>(reading: Promise<T>): Promise<T> => {
    using limit = deadline(closing.signal, timeoutMs);
    const { signal } = limit;
    const late = new Promise<never>((_resolve, reject) => {
      const stop = (): void => {
        reject(new RegistryError('unavailable', `${addresses.join()} could not be read within ${timeoutMs} ms`));
      };
      signal.addEventListener('abort', stop, { once: true });
    });
    try {
      return await Promise.race([reading, late]);
    } catch (error) {
      open();
      throw error;
    }
  };

  const poll = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await sleep(pollMs, signal);
      // What was good stays, and what is wrong was logged.
      if (!signal.aborted) await refresh().catch(() => {});
    }
  };

  const find = (name?: string): readonly ServiceRecord[] =>
    ordered([...view.values()].filter((record) => name === undefined || record.name === name));

  return {
    name: 'static',
    listsNodes: true,
    async register(service, { ttlMs } = {}) {
      open();
      if (service.name === '') throw new RegistryError('invalid', 'a service record needs a name');
      const { nodes, ...rest } = structuredClone(service);
      shelf.put({ ...rest, nodes: [] }, nodes, ttlMs);
      show();
    },
    async deregister(service) {
      open();
      for (const { id } of service.nodes) shelf.take(service.name, id);
      show();
    },
    async getService(name) {
      await refresh();
      return find(name);
    },
    async listServices() {
      await refresh();
      return find();
    },
    async watch(watchOptions) {
      await refresh();
      const events = watchers.add(watchOptions);
      if (source.isFile && watchers.size > 0 && (polling === undefined || polling.signal.aborted)) {
        polling = new AbortController();
        void poll(polling.signal);
      }
      return events;
    },
    async close() {
      if (closing.signal.aborted) return;
      shelf.clear();
      show();
      closing.abort();
      watchers.fail(new RegistryError('closed', 'the static registry was closed'));
      polling?.abort();
    },
  };
}

const keyOf = ({ name, nodes: [node] }: ServiceRecord): string => `${name}\0${node?.id ?? ''}`;
