import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { sleep } from '../../../src/async/sleep.ts';
import type { Node } from '../../../src/discovery/registry.ts';
import { newSelector } from '../../../src/runtime/selector/cached.ts';
import type { Strategy } from '../../../src/runtime/selector/strategy.ts';
import { grpcServerProtocol } from '../../../src/runtime/server/grpc/grpc.ts';
import type { ServerOptions } from '../../../src/runtime/server/micro.ts';
import { httpTransport } from '../../../src/runtime/transport/http/http.ts';
import { hello, newWorld } from '../world.ts';

/** The address of a host that is gone: who connects hears nothing. */
async function gone(): Promise<string> {
  const child = fork(fileURLToPath(new URL('../../fixtures/deaf.mjs', import.meta.url)));
  const sockets: Socket[] = [];
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const [port] = (await once(child, 'message')) as [number];
  // Until one hears nothing, the places where connections wait are being filled.
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    const connected = await Promise.race([once(socket, 'connect').then(() => true), sleep(300).then(() => false)]);
    if (!connected) return `127.0.0.1:${port}`;
  }
}

test.each<[string, Partial<ServerOptions>]>([
  ['mucp', {}],
  ['grpc', { protocol: grpcServerProtocol(), address: '127.0.0.1:0' }],
])('a node whose host is gone costs half of the time, not the call: over %s', async (protocol, options) => {
  const world = newWorld(httpTransport);
  const server = await world.serve({ Hello: hello }, options);
  const [alive] = server.record.nodes;
  const node = { id: 'gone', address: await gone(), metadata: { ...alive?.metadata, protocol } };
  await world.registry.register({ ...server.record, nodes: [node] });
  const goneFirst: Strategy = (_, nodes) => nodes.find(({ id }) => id === 'gone') ?? (nodes[0] as Node);
  const selector = newSelector({ lookup: (name) => world.registry.getService(name), strategy: goneFirst });
  const request = { service: 'greeter', endpoint: 'Greeter.Hello', body: { name: 'John' } };
  expect(await world.client({ selector }).call(request, { timeoutMs: 2000 })).toEqual({ msg: 'Hello John' });
});
