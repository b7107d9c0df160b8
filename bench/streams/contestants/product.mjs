// Ours: a handler that sends numbers for as long as somebody reads them.
import { load } from '../../lib/product.mjs';
import { HOST } from '../../rpc/echo.mjs';

const { memoryRegistry } = await load('discovery/memory/memory.js');
const { httpTransport } = await load('runtime/transport/http/http.js');
const { loadProto } = await load('runtime/codec/proto-file.js');
const proto = await loadProto('syntax = "proto3"; message Limit { uint32 from = 1; } message Number { uint32 n = 1; }');
const [request, response] = ['Limit', 'Number'].map((name) => proto.schema(name));

async function* numbers(requests) {
  for await (const { from } of requests) for (let n = from; ; n++) yield { n };
}

/** Serves, and resolves to the node's record. */
export async function serve(protocol) {
  const { newServer } = await load('runtime/server/micro.js');
  const { streaming } = await load('runtime/server/server.js');
  const server = newServer({
    name: 'numbers',
    address: `${HOST}:0`,
    registry: memoryRegistry(),
    transport: httpTransport(),
    ...(protocol === undefined ? {} : { protocol }),
  });
  server.handle({ name: 'Numbers', methods: { Count: streaming(numbers, { request, response }) } });
  await server.start();
  return server.record;
}

/** Resolves to a function that opens a stream whose numbers begin at 1. */
export async function connect(record, codec) {
  const { newClient } = await load('runtime/client/micro.js');
  const registry = memoryRegistry();
  await registry.register(record);
  const client = newClient({ registry, transport: httpTransport() });
  const call = {
    service: 'numbers',
    endpoint: 'Numbers.Count',
    contentType: `application/${codec}`,
    requestSchema: request,
    responseSchema: response,
    body: { from: 1 },
  };
  return () => client.stream(call);
}
