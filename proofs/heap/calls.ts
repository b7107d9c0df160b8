// Server and client in this process: calls.js WAY COUNT. Tells the heap after each tenth of the calls, and ends.
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { newClient } from '../../src/runtime/client/micro.ts';
import { grpcServerProtocol } from '../../src/runtime/server/grpc/grpc.ts';
import { newServer } from '../../src/runtime/server/micro.ts';
import { unary } from '../../src/runtime/server/server.ts';
import { httpTransport } from '../../src/runtime/transport/http/http.ts';
import type { Way } from './way.ts';

const way = process.argv[2] as Way;
const count = Number(process.argv[3]);
const atOnce = 50;
process.once('disconnect', () => process.exit(1));

const transport = httpTransport();
const server = newServer({
  name: 'greeter',
  address: '127.0.0.1:0',
  registry: memoryRegistry(),
  transport,
  ...(way === 'gRPC' ? { protocol: grpcServerProtocol() } : {}),
});
server.handle({
  name: 'Greeter',
  methods: { Hello: unary(({ name }: { readonly name: string }) => ({ msg: `Hello ${name}` })) },
});
await server.start();
const client = newClient({ transport });
const [node] = server.record.nodes;
const { multiplex: _, ...alone } = node?.metadata ?? {};
const metadata = way === 'one call a connection' ? alone : (node?.metadata ?? {});
const nodes = [{ id: 'greeter', address: server.address, metadata }];
const request = { service: 'greeter', endpoint: 'Greeter.Hello', body: { name: 'John' } };
/** Their errors pass other places than answers do. */
const wrong = { ...request, endpoint: 'Greeter.Nothing' };

async function callAll(calls: number): Promise<void> {
  let left = calls;
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      if (left % 100 === 0) await client.call(wrong, { nodes, retries: 0 }).catch(() => {});
      else await client.call(request, { nodes, metadata: { Trace: `${left % 1000}` } });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, caller));
}

function heapBytes(): number {
  for (let again = 0; again < 3; again += 1) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

// What is compiled and remembered at first is no leak.
await callAll(Math.min(20_000, count));
const heaps = [heapBytes()];
for (let tenth = 0; tenth < 10; tenth += 1) {
  await callAll(count / 10);
  heaps.push(heapBytes());
}
process.send?.(heaps);
await client.close();
await server.stop();
process.disconnect();
