import { describe, expect, it } from 'vitest';
import { writeFrame } from '../../../src/runtime/grpc/frame.ts';
import { streaming, unary } from '../../../src/runtime/server/server.ts';
import { until } from '../../support/until.ts';
import { failure, hello } from '../world.ts';
import { answerOf, ask, bareClient, bareServer, headers, reply } from './bare.ts';
import { greeter, open, serve } from './house.ts';
import { libraryClient } from './library.ts';
import { call, frame, message, preface, rawPeer, reset, types } from './raw.ts';

const path = '/Greeter/Hello';
const bob = writeFrame('{"name":"bob"}');
const fiveMiB = 'x'.repeat(5 * 1024 * 1024);
const settings = frame(types.settings, 0, 0);

/** The server still works for others. */
async function stillServes(address: string): Promise<void> {
  expect(await open().call({ ...greeter('Hello'), body: { name: 'bob' } }, { address })).toEqual({ msg: 'Hello bob' });
}

describe('a message of 5 MiB', () => {
  const large = unary(() => ({ fiveMiB }));

  it('is not sent by our client, and no other node is tried', async () => {
    let asked = 0;
    const { address } = await bareServer((stream) => {
      asked += 1;
      reply(stream, writeFrame('{}'), { 'grpc-status': '0' });
    });
    const request = { ...greeter('Hello'), body: { fiveMiB } };
    expect(await failure(open().call(request, { address }))).toMatchObject({
      code: 413,
      detail: expect.stringContaining('larger than max (5242894 vs. 4194304)'),
    });
    const stream = await open().stream(greeter('Hello'), { address });
    expect(await failure(stream.send({ fiveMiB }))).toMatchObject({ code: 413 });
    await stream.close();
    expect(asked).toBe(0);
  });

  it('is refused by our server, whoever sends it', async () => {
    const { address } = await serve({ Hello: hello });
    const error = await failure(libraryClient(address).unary(path, fiveMiB));
    expect(error).toMatchObject({ code: 8, details: expect.stringContaining('"code":413') });
    const own = failure(open({ maxMessageBytes: 1e9 }).call({ ...greeter('Hello'), body: { fiveMiB } }, { address }));
    expect(await own).toMatchObject({ id: 'greeter', code: 413 });
    await stillServes(address);
  });

  it('ends a stream on our server', async () => {
    const swallow = streaming(async function* (requests: AsyncIterable<unknown>) {
      for await (const request of requests) yield { seen: typeof request };
    });
    const { address } = await serve({ Swallow: swallow });
    const stream = await open({ maxMessageBytes: 1e9 }).stream(greeter('Swallow'), { address });
    const reader = stream[Symbol.asyncIterator]();
    await stream.send({});
    await reader.next();
    // It may end while it is being sent.
    const sending = stream.send({ fiveMiB }).catch(() => {});
    expect(await failure(reader.next())).toMatchObject({ id: 'greeter', code: 413 });
    await sending;
  });

  it('is not sent by our server', async () => {
    const { address } = await serve({ Large: large, Hello: hello });
    const error = await failure(open().call(greeter('Large'), { address }));
    expect(error).toMatchObject({ id: 'greeter', code: 413 });
    await stillServes(address);
  });

  it('is refused by our client, which does not ask again', async () => {
    let calls = 0;
    const counted = unary(() => {
      calls += 1;
      return { fiveMiB };
    });
    const { address } = await serve({ Large: counted }, { maxMessageBytes: 1e9 });
    const error = await failure(open().call(greeter('Large'), { address, retries: 3 }));
    expect(error).toMatchObject({ id: 'go.micro.client.transport', code: 413 });
    expect(calls).toBe(1);
  });

  it('passes where the limits allow it', async () => {
    const { address } = await serve({ Large: large }, { maxMessageBytes: 1e7 });
    expect(await open({ maxMessageBytes: 1e7 }).call(greeter('Large'), { address })).toEqual({ fiveMiB });
  });
});

describe('a server', () => {
  it.each([
    // Each counts with 32 more; Node's client itself sends no more than 64 KiB without those.
    ['64 KiB', 245, 240],
    ['256 fields', 300, 1],
  ])('does not read headers beyond %s', async (_, count, length) => {
    const { address } = await serve({ Hello: hello });
    const session = await bareClient(address);
    const many = Object.fromEntries(Array.from({ length: count }, (__, n) => [`h${n}`, 'x'.repeat(length)]));
    const refused = await ask(session, headers(path, many), bob);
    expect(refused.head).toMatchObject({ ':status': 431 });
    const answered = await ask(session, headers(path), bob);
    expect(answered.trailers).toMatchObject({ 'grpc-status': '0' });
  });

  it('serves at most so many calls of one connection at a time, the others after them', async () => {
    let running = 0;
    let most = 0;
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const hold = unary(async () => {
      running += 1;
      most = Math.max(most, running);
      await released;
      running -= 1;
      return {};
    });
    const { address } = await serve({ Hold: hold }, { maxStreams: 3 });
    const session = await bareClient(address);
    const answers = Array.from({ length: 8 }, () => ask(session, headers('/Greeter/Hold'), writeFrame('{}')));
    await until(() => running === 3);
    release();
    const statuses = (await Promise.all(answers)).map(({ trailers }) => trailers?.['grpc-status']);
    expect(statuses).toEqual(Array.from({ length: 8 }, () => '0'));
    expect(most).toBe(3);
  });

  it('lets our own client open a second connection then', async () => {
    let running = 0;
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const hold = unary(async () => {
      running += 1;
      await released;
      return {};
    });
    const { address } = await serve({ Hold: hold }, { maxStreams: 3 });
    const client = open();
    await client.call(greeter('Nope'), { address }).catch(() => {});
    const calls = Array.from({ length: 8 }, () => client.call(greeter('Hold'), { address, retries: 0 }));
    await until(() => running === 8);
    release();
    await Promise.all(calls);
  });

  it('takes leave of who opens streams only to reset them', async () => {
    const { address } = await serve({ Hello: hello });
    const peer = await rawPeer(address);
    const flood = Array.from({ length: 3000 }, (_, n) => Buffer.concat([call(2 * n + 1), reset(2 * n + 1)]));
    peer.socket.write(Buffer.concat([preface, settings, ...flood]));
    await until(() => (peer.goaway ?? 0) > 0);
    await stillServes(address);
  });

  it.each([
    ['pings', frame(types.ping, 0, 0, Buffer.alloc(8))],
    ['settings', settings],
  ])('cuts who sends %s and nothing else', async (_, control) => {
    const { address } = await serve({ Hello: hello });
    const peer = await rawPeer(address);
    peer.socket.write(Buffer.concat([preface, settings, ...Array.from({ length: 1200 }, () => control)]));
    await peer.closed;
    await stillServes(address);
  });

  it('does not count the pings of who calls, too', async () => {
    const { address } = await serve({ Hello: hello });
    const session = await bareClient(address);
    for (let round = 0; round < 60; round += 1) {
      const pings = Array.from({ length: 25 }, () => new Promise((resolve) => session.ping(() => resolve(undefined))));
      // No more than ten may be unanswered: Node says no itself.
      const answer = await ask(session, headers(path), bob);
      expect(answer.trailers).toMatchObject({ 'grpc-status': '0' });
      await Promise.all(pings);
    }
  });

  it('gives up on a request that does not become complete', async () => {
    const { address } = await serve({ Hello: hello }, { requestTimeoutMs: 200 });
    const session = await bareClient(address);
    const stream = session.request(headers(path));
    stream.write(bob.subarray(0, 7));
    const answer = await answerOf(stream);
    expect(answer.head).toMatchObject({ 'grpc-status': '4' });
    await stillServes(address);
  });

  it('gives up on who connects and says nothing', async () => {
    const { address } = await serve({ Hello: hello }, { requestTimeoutMs: 100 });
    const peer = await rawPeer(address);
    await peer.closed;
    await stillServes(address);
  });

  it.each([
    ['HTTP/1', Buffer.from('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n')],
    ['garbage', Buffer.from('\x16\x03\x01garbage'.repeat(20))],
    ['garbage after the preface', Buffer.concat([preface, Buffer.alloc(500, 0xa5)])],
  ])('closes the connection of who speaks %s', async (_, bytes) => {
    const { address } = await serve({ Hello: hello });
    const peer = await rawPeer(address);
    peer.socket.write(bytes);
    await peer.closed;
    await stillServes(address);
  });

  it.each([
    ['a message without a call', message(1, bob)],
    ['a frame that is too long', frame(types.data, 0, 1, Buffer.alloc(20_000))],
    ['headers that are no headers', frame(types.headers, 4, 1, Buffer.alloc(50, 0xff))],
  ])('takes leave of who sends %s', async (_, bytes) => {
    const { address } = await serve({ Hello: hello });
    const peer = await rawPeer(address);
    peer.socket.write(Buffer.concat([preface, settings, bytes]));
    await until(() => (peer.goaway ?? 0) > 0);
    await stillServes(address);
  });

  it('serves who sends byte by byte', async () => {
    const { address } = await serve({ Hello: hello });
    const peer = await rawPeer(address);
    peer.socket.setNoDelay(true);
    for (const byte of Buffer.concat([preface, settings, call(1), message(1, bob)])) {
      await new Promise((resolve) => peer.socket.write(Buffer.of(byte), resolve));
    }
    await until(() => peer.received.includes('Hello bob'));
  });
});
