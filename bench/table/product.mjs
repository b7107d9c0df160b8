// Ours, the whole stack as its users have it, in one of its ways.
import { load } from '../lib/product.mjs';
import { HOST, hello } from '../rpc/echo.mjs';

const { memoryRegistry } = await load('discovery/memory/memory.js');
const PROTO = 'syntax = "proto3"; message Request { string name = 1; } message Response { string msg = 1; }';

async function transportOf({ transport, nats }) {
  switch (transport) {
    case 'http':
      return (await load('runtime/transport/http/http.js')).httpTransport();
    case 'grpc':
      return (await load('runtime/transport/grpc/grpc.js')).grpcTransport();
    case 'websocket':
      return (await load('runtime/transport/websocket/websocket.js')).websocketTransport();
    case 'nats':
      return (await load('runtime/transport/nats/nats.js')).natsTransport({ servers: [nats] });
    case 'memory':
      return (await load('runtime/transport/memory.js')).memoryTransport();
    default:
      throw new Error(`no transport ${transport}`);
  }
}

async function schemas() {
  const { loadProto } = await load('runtime/codec/proto-file.js');
  const proto = await loadProto(PROTO);
  return { request: proto.schema('Request'), response: proto.schema('Response') };
}

/** Serves, and resolves to the record that callers need. */
export async function serve(row, transport) {
  const { newServer } = await load('runtime/server/micro.js');
  const { unary } = await load('runtime/server/server.js');
  const protocol =
    row.protocol === 'grpc' ? (await load('runtime/server/grpc/grpc.js')).grpcServerProtocol() : undefined;
  const server = newServer({
    name: 'greeter',
    address: row.transport === 'nats' ? '' : `${HOST}:0`,
    registry: memoryRegistry(),
    transport: transport ?? (await transportOf(row)),
    ...(protocol === undefined ? {} : { protocol }),
  });
  server.handle({ name: 'Greeter', methods: { Hello: unary(hello, await schemas()) } });
  await server.start();
  return server.record;
}

/** Resolves to a function that makes one call. */
export async function connect(row, record) {
  const { newClient } = await load('runtime/client/micro.js');
  const transport = await transportOf(row);
  // Memory reaches no other process: this one serves too.
  const served = row.transport === 'memory' ? await serve(row, transport) : record;
  const registry = memoryRegistry();
  await registry.register(row.alone === true ? withoutSharing(served) : served);
  const client = newClient({ registry, transport, poolSize: 64 });
  const { request: requestSchema, response: responseSchema } = await schemas();
  const call = {
    service: 'greeter',
    endpoint: 'Greeter.Hello',
    contentType: `application/${row.codec}`,
    requestSchema,
    responseSchema,
  };
  return (name) => client.call({ ...call, body: { name } });
}

const withoutSharing = (record) => ({
  ...record,
  nodes: record.nodes.map((node) => ({ ...node, metadata: { ...node.metadata, multiplex: 'false' } })),
});
