import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { httpTransport } from '../../../../src/runtime/transport/http/http.ts';
import type { Socket } from '../../../../src/runtime/transport/transport.ts';
import { formatAddress, parseAddress } from '../../../../src/runtime/transport/address.ts';
import { collector, echo } from '../collector.ts';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** Listens, but never accepts: it blocks its thread until it is told to go on. */
const deaf = `
const { workerData, parentPort } = require('node:worker_threads');
const server = require('node:net').createServer().listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  Atomics.wait(new Int32Array(workerData), 0, 0);
  process.exit();
});`;

test('gives up on a host that does not answer in time', async () => {
  const gate = new SharedArrayBuffer(4);
  const worker = new Worker(deaf, { eval: true, workerData: gate });
  const [port] = (await once(worker, 'message')) as [number];
  // The kernel takes a few connections on its own before it leaves them unanswered.
  const dials = Array.from({ length: 6 }, () =>
    httpTransport().dial(`127.0.0.1:${port}`, collector(), { timeoutMs: 300 }),
  );
  const results = await Promise.allSettled(dials);
  for (const result of results) if (result.status === 'fulfilled') sockets.push(result.value);
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  expect(reasons[0]).toMatchObject({ name: 'TransportError', code: 'timeout' });
  Atomics.notify(new Int32Array(gate).fill(1), 0);
  await once(worker, 'exit');
});

test('a name that nobody knows is unreachable', async () => {
  await expect(httpTransport().dial('no-such-host.invalid:80', collector())).rejects.toMatchObject({
    code: 'unreachable',
  });
});

test('an address that is not ours is unavailable', async () => {
  await expect(httpTransport().listen('192.0.2.1:0', echo)).rejects.toMatchObject({ code: 'unavailable' });
});

test.each([
  '',
  'host',
  ':x',
  '[::1]',
  '::1:80',
  'host:1-',
  'host:2-1',
  'host:1-70000',
  'ho st:1',
  'host:123456',
])('does not listen on %j', async (address) => {
  await expect(httpTransport().listen(address, echo)).rejects.toMatchObject({ code: 'invalid' });
});

test.each([
  ['127.0.0.1:80', { host: '127.0.0.1', firstPort: 80, lastPort: 80 }],
  [':0', { host: '', firstPort: 0, lastPort: 0 }],
  ['[::1]:5000-6000', { host: '::1', firstPort: 5000, lastPort: 6000 }],
  ['[fe80::1%lo]:1', { host: 'fe80::1%lo', firstPort: 1, lastPort: 1 }],
  ['localhost:5000-6000', { host: 'localhost', firstPort: 5000, lastPort: 6000 }],
])('reads %j', (address, parts) => {
  expect(parseAddress(address)).toEqual(parts);
});

test('an empty host listens on all interfaces, and IPv4 peers are shown as IPv4', async () => {
  const remotes: string[] = [];
  const listener = await httpTransport().listen(':0', (socket) => {
    remotes.push(socket.remote);
    return echo(socket);
  });
  const port = parseAddress(listener.address).firstPort;
  const answers = collector();
  const socket = await httpTransport().dial(`127.0.0.1:${port}`, answers);
  sockets.push(socket);
  socket.send({}, 'hello');
  expect(await answers.received(1)).toEqual(['hello']);
  expect(remotes).toEqual([socket.local]);
  expect(socket.remote).toBe(formatAddress('127.0.0.1', port));
  await listener.close();
});
