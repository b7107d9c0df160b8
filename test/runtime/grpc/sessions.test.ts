import type { ServerHttp2Stream } from 'node:http2';
import { constants } from 'node:http2';
import type { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { MicroError } from '../../../src/runtime/errors.ts';
import { writeFrame } from '../../../src/runtime/grpc/frame.ts';
import { streaming, unary } from '../../../src/runtime/server/server.ts';
import { TransportError } from '../../../src/runtime/transport/transport.ts';
import { until } from '../../support/until.ts';
import { failure, hello } from '../world.ts';
import { answerOf, ask, bareClient, bareServer, headers, plainPort, reply, silentPort } from './bare.ts';
import { greeter, open, serve } from './house.ts';
import { libraryClient } from './library.ts';

const ok = { 'grpc-status': '0', 'grpc-message': '' };
const answer = (stream: ServerHttp2Stream): void => reply(stream, writeFrame('{}'), ok);

/** The code of the `TransportError` that an error was made of. */
function causeOf(error: unknown): string | undefined {
  expect(error).toBeInstanceOf(MicroError);
  const { cause } = error as MicroError;
  return cause instanceof TransportError ? cause.code : undefined;
}

it('carries all calls on one connection', async () => {
  const peer = await bareServer(answer);
  const client = open();
  await Promise.all(Array.from({ length: 90 }, () => client.call(greeter('Hello'), { address: peer.address })));
  await client.call(greeter('Hello'), { address: peer.address });
  expect(peer.sessions).toBe(1);
});

it('opens a further connection for more than a hundred at a time, and no more than it may', async () => {
  const waiting: ServerHttp2Stream[] = [];
  const peer = await bareServer((stream) => void waiting.push(stream));
  const client = open({ maxSessions: 2 });
  const calls = Array.from({ length: 250 }, () => client.call(greeter('Hello'), { address: peer.address, retries: 0 }));
  await until(() => waiting.length === 250);
  expect(peer.sessions).toBe(2);
  waiting.forEach(answer);
  await Promise.all(calls);
});

it('closes a connection on which nothing was asked for a while', async () => {
  let closed = 0;
  const { address } = await bareServer((stream) => {
    stream.session?.on('close', () => (closed += 1));
    answer(stream);
  });
  await open({ idleMs: 50 }).call(greeter('Hello'), { address });
  await until(() => closed === 1);
});

it('says of a node where nobody listens that it was not reached', async () => {
  const { address } = await bareServer(answer);
  const client = open();
  const unused = `127.0.0.1:${Number(address.split(':')[1]) === 1 ? 2 : 1}`;
  const error = await failure(client.call(greeter('Hello'), { address: unused, retries: 0 }));
  expect(error).toMatchObject({ id: 'go.micro.client', code: 500 });
  expect(error).toMatchObject({ detail: expect.stringContaining('Error sending request: cannot reach') });
  expect(causeOf(error)).toBe('unreachable');
});

it('gives up on a node that accepts and says nothing', async () => {
  const { address } = await silentPort();
  const error = await failure(open().call(greeter('Hello'), { address, dialTimeoutMs: 100, retries: 0 }));
  expect(error).toMatchObject({ id: 'go.micro.client', code: 500 });
  expect(causeOf(error)).toBe('timeout');
});

it.each<[string, string, (socket: Socket) => void]>([
  ['speaks HTTP/1', 'invalid', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['hangs up', 'unreachable', (socket) => socket.end()],
  ['breaks the connection', 'unreachable', (socket) => socket.resetAndDestroy()],
])('says of a node that %s that it is %s', async (_, cause, answering) => {
  const address = await plainPort(answering);
  const error = await failure(open().call(greeter('Hello'), { address, retries: 0 }));
  expect(error).toMatchObject({ id: 'go.micro.client', code: 500 });
  expect(causeOf(error)).toBe(cause);
});

it('finishes what was asked before a GOAWAY, and asks the rest elsewhere', async () => {
  const waiting: ServerHttp2Stream[] = [];
  const peer = await bareServer((stream) => void waiting.push(stream));
  const client = open();
  const before = client.call(greeter('Hello'), { address: peer.address });
  await until(() => waiting.length === 1);
  waiting[0]?.session?.close();
  await until(async () => {
    void client.call(greeter('Hello'), { address: peer.address, retries: 9 }).catch(() => {});
    return peer.sessions === 2;
  });
  waiting.forEach(answer);
  expect(await before).toEqual({});
});

it.each([
  ['refused', constants.NGHTTP2_REFUSED_STREAM, 'unreachable', 'REFUSED_STREAM'],
  ['broken off', constants.NGHTTP2_INTERNAL_ERROR, 'reset', 'INTERNAL_ERROR'],
  ['called off', constants.NGHTTP2_CANCEL, 'reset', 'CANCEL'],
])('tells how a call ended that was %s', async (_, code, cause, name) => {
  const { address } = await bareServer((stream) => stream.close(code));
  const error = await failure(open().call(greeter('Hello'), { address, retries: 0 }));
  expect(error).toMatchObject({ id: 'go.micro.client.transport', code: 500, detail: expect.stringContaining(name) });
  expect(causeOf(error)).toBe(cause);
});

it('calls again what a server did not take, and succeeds', async () => {
  let asked = 0;
  const { address } = await bareServer((stream) => {
    asked += 1;
    if (asked === 1) stream.close(constants.NGHTTP2_REFUSED_STREAM);
    else answer(stream);
  });
  expect(await open().call(greeter('Hello'), { address })).toEqual({});
  expect(asked).toBe(2);
});

it('ends every call once when its server is killed, and reaches the next one', async () => {
  const waiting: ServerHttp2Stream[] = [];
  const peer = await bareServer((stream) => void waiting.push(stream));
  const client = open();
  const calls = Array.from({ length: 50 }, () =>
    failure(client.call(greeter('Hello'), { address: peer.address, retries: 0 })),
  );
  const stream = await client.stream({ ...greeter('Hello'), body: {} }, { address: peer.address });
  const reading = failure(stream[Symbol.asyncIterator]().next());
  await stream.closeSend();
  await until(() => waiting.length === 51);
  peer.kill();
  for (const error of [...(await Promise.all(calls)), await reading]) {
    expect(error).toMatchObject({ id: 'go.micro.client.transport', code: 500 });
    expect(causeOf(error)).toBe('reset');
  }
  const again = client.call(greeter('Hello'), { address: peer.address });
  await until(() => waiting.length === 52);
  waiting.slice(51).forEach(answer);
  expect(await again).toEqual({});
});

it.each([
  ['once', [1200]],
  ['for several short calls', [400, 400, 400, 400]],
])('asks nothing more on a connection that fell silent %s', async (_, limitsMs) => {
  let mute = true;
  const peer = await bareServer((stream) => {
    if (!mute) answer(stream);
  });
  const client = open();
  for (const timeoutMs of limitsMs) {
    const late = failure(client.call(greeter('Hello'), { address: peer.address, timeoutMs, retries: 0 }));
    expect(await late).toMatchObject({ code: 408 });
  }
  expect(peer.sessions).toBe(1);
  mute = false;
  expect(await client.call(greeter('Hello'), { address: peer.address })).toEqual({});
  expect(peer.sessions).toBe(2);
});

it('may call off as much as it likes: a server that takes resets for an attack is spared', async () => {
  let release = (): void => {};
  let held = 0;
  const released = new Promise<void>((resolve) => (release = resolve));
  const hold = unary(async () => {
    held += 1;
    await released;
    return { done: true };
  });
  const echo = streaming(async function* (requests: AsyncIterable<unknown>) {
    for await (const request of requests) yield request;
  });
  const { address } = await serve({ Hold: hold, Echo: echo });
  const client = open();
  const kept = client.call(greeter('Hold'), { address, timeoutMs: 60_000, retries: 0 });
  await until(() => held === 1);
  for (let round = 0; round < 30; round += 1) {
    const conversations = Array.from({ length: 60 }, async () => {
      const stream = await client.stream({ ...greeter('Echo'), body: {} }, { address, retries: 0 });
      await stream[Symbol.asyncIterator]().next();
      await stream.close();
    });
    await Promise.all(conversations);
  }
  release();
  expect(await kept).toEqual({ done: true });
  expect(held).toBe(1);
});

it('lets a stopping server finish what it has, and refuse what comes', async () => {
  let release = (): void => {};
  let running = 0;
  const released = new Promise<void>((resolve) => (release = resolve));
  const hold = unary(async () => {
    running += 1;
    await released;
    return { done: true };
  });
  const server = await serve({ Hold: hold });
  const client = open();
  const held = client.call(greeter('Hold'), { address: server.address, retries: 0 });
  await until(() => running === 1);
  const stopping = server.stop({ graceMs: 10_000 });
  await until(async () => (await Promise.allSettled([bareClient(server.address)]))[0]?.status === 'rejected');
  const late = await failure(client.call(greeter('Hold'), { address: server.address, retries: 0 }));
  expect(causeOf(late)).toBe('unreachable');
  release();
  expect(await held).toEqual({ done: true });
  await stopping;
  expect(running).toBe(1);
});

it('tells callers that a stopping server no longer waits', async () => {
  const hang = unary(() => new Promise<never>(() => {}));
  const talk = streaming(async function* (requests: AsyncIterable<unknown>) {
    yield {};
    for await (const request of requests) yield request;
  });
  const server = await serve({ Hang: hang, Talk: talk, Hello: hello });
  const client = open();
  const hung = failure(client.call(greeter('Hang'), { address: server.address, retries: 0 }));
  const stream = await client.stream(greeter('Talk'), { address: server.address });
  const reader = stream[Symbol.asyncIterator]();
  await reader.next();
  const library = failure(libraryClient(server.address).unary('/Greeter/Hang', '{}'));
  const half = (await bareClient(server.address)).request(headers('/Greeter/Hello'));
  const incomplete = answerOf(half);
  half.write(Buffer.of(0));
  await ask(await bareClient(server.address), headers('/Greeter/Hello'), writeFrame('{}'));
  await server.stop({ graceMs: 0 });
  for (const error of [await hung, await failure(reader.next())]) {
    expect(error).toMatchObject({ id: 'greeter', code: 500, detail: 'the server is stopping' });
  }
  expect(await library).toMatchObject({ code: expect.any(Number) });
  expect((await incomplete).head).toMatchObject({ 'grpc-status': '13' });
});
