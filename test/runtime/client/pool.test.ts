import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { newClient } from '../../../src/runtime/client/micro.ts';
import type { ClientOptions } from '../../../src/runtime/client/micro.ts';
import type { Client } from '../../../src/runtime/client/client.ts';
import { httpTransport } from '../../../src/runtime/transport/http/http.ts';
import { until } from '../../support/until.ts';
import { failure } from '../world.ts';

const greet = { service: 'peer', endpoint: 'Any.Thing' };
const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}\n';

interface Peer {
  readonly address: string;
  /** Every connection there was, in order. */
  readonly sockets: readonly Socket[];
  /** What came in on each of them. */
  readonly heard: readonly string[];
}

/** A server that answers each request (ours end with a body of two or three bytes) as `answer` says. */
async function peer(answer: (socket: Socket, request: string) => void): Promise<Peer> {
  const sockets: Socket[] = [];
  const heard: string[] = [];
  const server: Server = createServer((socket) => {
    const index = sockets.push(socket) - 1;
    heard.push('');
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      heard[index] += chunk.toString();
      answer(socket, chunk.toString());
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return { address: `127.0.0.1:${bound.port}`, sockets, heard };
}

function client(options: Partial<ClientOptions> = {}): Client {
  const made = newClient({ transport: httpTransport(), ...options });
  onTestFinished(() => made.close());
  return made;
}

const answering = (): Promise<Peer> => peer((socket) => socket.write(ok));

test('a connection is used again, and ids count up on it', async () => {
  const { address, sockets, heard } = await answering();
  const one = client();
  for (let call = 0; call < 3; call += 1) await one.call(greet, { address });
  expect(sockets.length).toBe(1);
  expect([...(heard[0] ?? '').matchAll(/Micro-Id: (\d+)/g)].map(([, id]) => id)).toEqual(['0', '1', '2']);
});

test('a connection carries one call at a time, and the one used last is taken first', async () => {
  const held: Socket[] = [];
  const { address, sockets, heard } = await peer((socket) => held.push(socket));
  const one = client();
  const both = [one.call(greet, { address }), one.call(greet, { address })];
  await until(() => held.length === 2);
  expect(sockets.length).toBe(2);
  const [first, second] = held;
  second?.write(ok);
  await Promise.any(both);
  first?.write(ok);
  await Promise.all(both);
  const third = one.call(greet, { address });
  await until(() => held.length === 3);
  expect(held[2]).toBe(first);
  held[2]?.write(ok);
  await third;
  expect(heard.length).toBe(2);
});

test('no more idle connections are kept than the pool may hold', async () => {
  const held: Socket[] = [];
  const { address, sockets } = await peer((socket) => held.push(socket));
  const one = client({ poolSize: 1 });
  const calls = [1, 2, 3].map(() => one.call(greet, { address }));
  await until(() => held.length === 3);
  for (const socket of held) socket.write(ok);
  await Promise.all(calls);
  await until(() => sockets.filter(({ closed, readableEnded }) => closed || readableEnded).length === 2);
});

test('a connection past its time is not used again, and is closed while it idles', async () => {
  const { address, sockets } = await answering();
  const one = client({ poolTtlMs: 20 });
  await one.call(greet, { address });
  await until(() => sockets[0]?.closed === true || sockets[0]?.readableEnded === true);
  await one.call(greet, { address });
  expect(sockets.length).toBe(2);
});

test('a connection the other side closed while it idled does not fail a call', async () => {
  const { address, sockets } = await answering();
  const one = client();
  await one.call(greet, { address, retries: 0 });
  sockets[0]?.end();
  await until(() => sockets[0]?.closed === true);
  await expect(one.call(greet, { address, retries: 0 })).resolves.toEqual({});
});

test('a connection that breaks without an answer is a 500, repeated like others', async () => {
  let requests = 0;
  const { address } = await peer((socket) => {
    requests += 1;
    if (requests % 2 === 1) socket.destroy();
    else socket.write(ok);
  });
  const one = client();
  const error = await failure(one.call(greet, { address, retries: 0 }));
  expect(error).toMatchObject({ id: 'go.micro.client.transport', code: 500 });
  requests = 0;
  await expect(one.call(greet, { address })).resolves.toEqual({});
});

test('an answer nobody waits for closes the connection', async () => {
  const { address, sockets } = await answering();
  const one = client();
  await one.call(greet, { address });
  sockets[0]?.write(ok);
  await until(() => sockets[0]?.closed === true || sockets[0]?.readableEnded === true);
  await expect(one.call(greet, { address })).resolves.toEqual({});
  expect(sockets.length).toBe(2);
});

test('the answer of a call that gave up reaches nobody', async () => {
  const held: Socket[] = [];
  const { address, sockets } = await peer((socket, request) => {
    if (request.includes('Slow')) held.push(socket);
    else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"mine":1}');
  });
  const one = client();
  await failure(one.call({ ...greet, endpoint: 'Any.Slow' }, { address, timeoutMs: 1_000 }));
  held[0]?.write('HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"theirs":1}');
  await expect(one.call(greet, { address })).resolves.toEqual({ mine: 1 });
  expect(sockets.length).toBe(2);
});

test.each([
  [
    'a status of its HTTP layer',
    'HTTP/1.1 400 Bad Request\r\nContent-Length: 7\r\n\r\nno Host',
    'go.micro.client.transport',
    500,
    '400 Bad Request: no Host',
  ],
  [
    'a plain text refusal',
    'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nnope',
    'go.micro.client',
    500,
    'nope',
  ],
  [
    'a micro error',
    'HTTP/1.1 200 OK\r\nmicro-error: {"id":"a","code":403,"detail":"hé"}\r\nContent-Length: 0\r\n\r\n',
    'a',
    403,
    'hé',
  ],
  ['an error that is plain text', 'HTTP/1.1 200 OK\r\nMicro-Error: oh no\r\nContent-Length: 0\r\n\r\n', '', 0, 'oh no'],
  [
    'bytes that are no JSON',
    'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{"a',
    'go.micro.client.codec',
    500,
    'unexpected EOF',
  ],
])('%s is told as the error it is', async (_what, text, id, code, detail) => {
  const { address } = await peer((socket) => socket.write(text));
  expect(await failure(client().call(greet, { address, retries: 0 }))).toMatchObject({ id, code, detail });
});

test('bytes that are no HTTP at all are an error of the transport', async () => {
  const { address } = await peer((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n\r\n'));
  expect(await failure(client().call(greet, { address, retries: 0 }))).toMatchObject({
    id: 'go.micro.client.transport',
    code: 500,
  });
});

test('a peer that accepts and never answers ends in a 408', async () => {
  const { address } = await peer(() => {});
  expect(await failure(client().call(greet, { address, timeoutMs: 50 }))).toMatchObject({ code: 408 });
});
