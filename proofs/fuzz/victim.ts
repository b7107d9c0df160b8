// The process that is fuzzed: a server, a client and a registry, and word of how it is.
import { newClient } from '../../src/runtime/client/micro.ts';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { mdnsRegistry } from '../../src/discovery/mdns/mdns.ts';
import { newServer } from '../../src/runtime/server/micro.ts';
import { httpTransport } from '../../src/runtime/transport/http/http.ts';
import { callAll } from './calls.ts';
import { handlers } from './handlers.ts';
import { health, watchHealth } from './health.ts';
import type { Question } from './questions.ts';

const domain = process.argv[2] ?? '';
watchHealth();
// It leaves with the program that started it, however that one ends.
process.once('disconnect', () => process.exit(1));

const transport = httpTransport();
const names = mdnsRegistry({ interface: '127.0.0.1', domain });
const client = newClient({ transport });
const server = newServer({ name: 'victim', address: '127.0.0.1:0', registry: memoryRegistry(), transport });
for (const handler of handlers) server.handle(handler);
await server.start();
await names.register({
  ...server.record,
  nodes: [{ id: 'steady', address: server.address, metadata: {} }],
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
      return await callAll(client, question.address, question.count, question.protocol);
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

process.on('message', (question: Question) => {
  void answer(question).then((value) => process.send?.(value));
});
process.send?.({ http: server.address });
