// The process that is fuzzed: a server, a client and a registry, and word of how it is.
import { newClient } from '../../src/runtime/client/micro.ts';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { mdnsRegistry } from '../../src/discovery/mdns/mdns.ts';
import { newServer } from '../../src/runtime/server/micro.ts';
import { httpBroker } from '../../src/runtime/broker/http/http.ts';
import type { Client } from '../../src/runtime/client/client.ts';
import { callAll, type CallsReport } from './calls.ts';
import { handlers } from './handlers.ts';
import { health, watchHealth } from './health.ts';
import type { Question } from './questions.ts';
import { type WireName, wires } from './wires.ts';

const domain = process.argv[2] ?? '';
watchHealth();
// It leaves with the program that started it, however that one ends.
process.once('disconnect', () => process.exit(1));

const names = mdnsRegistry({ interface: '127.0.0.1', domain });
const addresses: Record<string, string> = {};
const clients = new Map<WireName, Client>();
for (const [name, { transport, protocol }] of Object.entries(wires)) {
  const shared = transport();
  const server = newServer({
    name: 'victim',
    address: '127.0.0.1:0',
    registry: memoryRegistry(),
    transport: shared,
    ...(protocol === undefined ? {} : { protocol: protocol() }),
  });
  for (const handler of handlers) server.handle(handler);
  await server.start();
  addresses[name] = server.address;
  // Sockets that wait for another call would look like ones that were left.
  clients.set(name as WireName, newClient({ transport: shared, grpc: { idleMs: 1000 } }));
}

const subscriptions = memoryRegistry();
const broker = httpBroker({ registry: subscriptions, address: '127.0.0.1:0' });
await broker.connect();
await broker.subscribe('events', () => {});
const [subscriber] = (await subscriptions.listServices()).flatMap(({ nodes }) => nodes);
addresses['broker'] = subscriber?.address ?? '';
addresses['subscription'] = subscriber?.id ?? '';

await names.register({
  name: 'victim',
  version: '1',
  metadata: {},
  endpoints: [],
  nodes: [{ id: 'steady', address: '127.0.0.1:1', metadata: {} }],
});
// Somebody who watches reads every packet.
const watch = await names.watch({ signal: new AbortController().signal });
const follow = async (): Promise<void> => {
  for await (const _ of watch);
};
void follow();

async function answer(question: Question): Promise<unknown> {
  switch (question.kind) {
    case 'health':
      return health();
    case 'calls':
      return await calls(question);
    case 'ping':
      return true;
    case 'lookup': {
      const records = await names.getService('victim');
      return records.flatMap(({ nodes }) => nodes.map(({ id }) => id));
    }
    default:
      return question satisfies never;
  }
}

async function calls({ wire, address, count }: Extract<Question, { kind: 'calls' }>): Promise<CallsReport> {
  const client = clients.get(wire);
  if (client === undefined) throw new Error(`no client for ${wire}`);
  return await callAll(client, address, count, wires[wire].metadata);
}

process.on('message', (question: Question) => {
  void answer(question).then((value) => process.send?.(value));
});
process.send?.(addresses);
