// Ours, the whole stack as its users have it: server, client, cached registry look-up, http transport, JSON. The node does not say that
// calls may share a connection, as a Go node does not: one call a connection.
import { load } from '../../lib/product.mjs';
import { HOST, hello } from '../echo.mjs';

const { memoryRegistry } = await load('discovery/memory/memory.js');
const { httpTransport } = await load('runtime/transport/http/http.js');

export async function server() {
  const { newServer } = await load('runtime/server/micro.js');
  const { unary } = await load('runtime/server/server.js');
  const server = newServer({
    name: 'greeter',
    address: `${HOST}:0`,
    registry: memoryRegistry(),
    transport: httpTransport(),
  });
  server.handle({ name: 'Greeter', methods: { Hello: unary(hello) } });
  await server.start();
  return server.record;
}

/** The server's registry is in its own process: its record is handed over, the client looks it up in a registry of this one. */
export async function clientOf(record, { maxConcurrency }) {
  const { newClient } = await load('runtime/client/micro.js');
  const registry = memoryRegistry();
  await registry.register(record);
  const client = newClient({ registry, transport: httpTransport(), poolSize: maxConcurrency });
  return (name) => client.call({ service: 'greeter', endpoint: 'Greeter.Hello', body: { name } });
}

export function client(record, options) {
  const nodes = record.nodes.map((node) => {
    const { multiplex: _multiplex, ...metadata } = node.metadata;
    return { ...node, metadata };
  });
  return clientOf({ ...record, nodes }, options);
}
