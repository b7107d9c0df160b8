// Nodes of services, many in one process: each takes connections at an address of its own and registers every second, as Go's do every
// thirty, with a time to live of a few seconds.
// nodes.js TTL_MS ADDRESS…
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { etcdRegistry } from '../../src/discovery/etcd/etcd.ts';
import type { ServiceRecord } from '../../src/discovery/registry.ts';
import { nowMs } from './clock.ts';
import type { Order, Report } from './messages.ts';

interface Life {
  readonly record: ServiceRecord;
  readonly server: Server;
  readonly timer: NodeJS.Timeout;
}

const everyMs = 1000;
const [, , ttl = '', ...addresses] = process.argv;
const ttlMs = Number(ttl);
const registry = etcdRegistry({ addresses });
const living = new Map<string, Life>();

// It leaves with the program that started it, however that one ends.
process.once('disconnect', () => process.exit());

const tell = (report: Report): void => void process.send?.(report);

async function join({ id, service, version, host }: Order & { readonly kind: 'join' }): Promise<void> {
  const server = createServer((socket) => socket.destroy());
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const metadata = { command: service, description: 'comes and goes' };
  const record: ServiceRecord = {
    name: service,
    version,
    metadata: {},
    endpoints: [{ name: 'Churn.Do', request: undefined, response: undefined, metadata }],
    nodes: [{ id, address: `${host}:${port}`, metadata: { registry: 'etcd', protocol: 'mucp' } }],
  };
  let isBusy = false;
  let isUp = false;
  const beat = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    try {
      await registry.register(record, { ttlMs });
      if (!isUp && living.has(id)) tell({ kind: 'up', id });
      isUp = true;
    } catch {
      // As in Go: the next time it may work.
    }
    isBusy = false;
  };
  living.set(id, { record, server, timer: setInterval(() => void beat(), everyMs) });
  await beat();
}

async function end(id: string, isPolite: boolean): Promise<void> {
  const life = living.get(id);
  if (life === undefined) throw new Error(`there is no ${id}`);
  clearInterval(life.timer);
  living.delete(id);
  // When the registry is not there its lease has to run out.
  if (isPolite) await registry.deregister(life.record).catch(() => {});
  life.server.close();
  await once(life.server, 'close');
  tell({ kind: 'gone', id, at: nowMs() });
}

function obey(order: Order): Promise<void> {
  switch (order.kind) {
    case 'join':
      return join(order);
    case 'leave':
      return end(order.id, true);
    case 'crash':
      return end(order.id, false);
    default:
      return order satisfies never;
  }
}

process.on('message', (order: Order) => void obey(order));
