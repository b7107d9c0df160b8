import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { writeFrame } from '../../../src/runtime/grpc/frame.ts';
import { streaming, unary } from '../../../src/runtime/server/server.ts';
import { until } from '../../support/until.ts';
import { hello } from '../world.ts';
import { answerOf, ask, bareClient, headers } from './bare.ts';
import { serve } from './house.ts';
import { call, frame, message, preface, rawPeer, types } from './raw.ts';

const bob = writeFrame('{"name":"bob"}');
const settings = frame(types.settings, 0, 0);
const kib = Buffer.alloc(1024);

describe('a caller who was answered before he has said everything', () => {
  it.each([
    ['in words of gRPC', '/Greeter/Nope', 'application/grpc+json', { ':status': 200, 'grpc-status': '12' }],
    ['in words of HTTP', '/Greeter/Hello', 'text/html', { ':status': 415 }],
  ])('gets the answer, and is stopped when he goes on for long: %s', async (_, path, type, head) => {
    const { address } = await serve({ Hello: hello });
    const session = await bareClient(address);
    const stream = session.request(headers(path, { 'content-type': type }));
    const answered = answerOf(stream);
    await once(stream, 'response');
    let sent = 0;
    for (; !stream.closed && sent < 100_000; sent += 1) {
      if (!stream.write(kib)) await Promise.race([once(stream, 'drain'), answered]).catch(() => {});
    }
    expect(await answered).toMatchObject({ head, rstCode: 0 });
    expect(sent).toBeGreaterThan(1000);
    expect(sent).toBeLessThan(100_000);
    expect((await ask(session, headers('/Greeter/Hello'), bob)).trailers).toMatchObject({ 'grpc-status': '0' });
  });

  it('gets the answer when he goes on for a while', async () => {
    const { address } = await serve({ Hello: hello });
    const session = await bareClient(address);
    // Together more than the window of the connection: what nobody reads must open it again.
    for (let round = 0; round < 8; round += 1) {
      const answer = await ask(session, headers('/Greeter/Nope'), Buffer.alloc(900 * 1024));
      expect(answer).toMatchObject({ head: { 'grpc-status': '12' }, rstCode: 0 });
    }
    expect((await ask(session, headers('/Greeter/Hello'), bob)).trailers).toMatchObject({ 'grpc-status': '0' });
  });

  it('does not keep his place for ever', async () => {
    const { address } = await serve({ Hello: hello }, { requestTimeoutMs: 1_000 });
    const session = await bareClient(address);
    const answer = await answerOf(session.request(headers('/Greeter/Nope')));
    expect(answer).toMatchObject({ head: { 'grpc-status': '12' }, rstCode: 0 });
    expect(session.closed).toBe(false);
  });

  it('gets all of a stream that has ended before his own half', async () => {
    const three = streaming(async function* () {
      for (let n = 0; n < 3; n += 1) yield { n };
    });
    const { address } = await serve({ Three: three });
    const session = await bareClient(address);
    const stream = session.request(headers('/Greeter/Three'));
    const answered = answerOf(stream);
    await once(stream, 'trailers');
    stream.end();
    const { body, trailers, rstCode } = await answered;
    expect(body).toEqual(Buffer.concat([0, 1, 2].map((n) => writeFrame(`{"n":${n}}`))));
    expect(trailers).toMatchObject({ 'grpc-status': '0' });
    expect(rstCode).toBe(0);
  });
});

/** A handler that answers when it is told to. */
function held(): { readonly method: ReturnType<typeof unary>; readonly release: () => void; running: number } {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  const state = {
    running: 0,
    release: () => release(),
    method: unary(async () => {
      state.running += 1;
      await released;
      return { msg: 'at last' };
    }),
  };
  return state;
}

it('a handler may take longer than a request may take to come', async () => {
  const hold = held();
  const { address } = await serve({ Hold: hold.method, Hello: hello }, { requestTimeoutMs: 40 });
  const session = await bareClient(address);
  const answered = ask(session, headers('/Greeter/Hold'), bob);
  // Each is refused when its time is over, and left when that time has passed again: the other was looked at by then.
  for (let round = 0; round < 3; round += 1) await answerOf(session.request(headers('/Greeter/Hello')));
  hold.release();
  expect((await answered).trailers).toMatchObject({ 'grpc-status': '0' });
});

describe('a server that stops', () => {
  it('answers what was asked, and leaves alone what is asked afterwards', async () => {
    const hold = held();
    const server = await serve({ Hello: hold.method });
    const peer = await rawPeer(server.address);
    peer.socket.write(Buffer.concat([preface, settings, call(1), message(1, bob)]));
    await until(() => hold.running === 1);
    const stopped = server.stop({ graceMs: 60_000 });
    await until(() => peer.goaway === 0);
    peer.socket.write(Buffer.concat([call(3), message(3, bob)]));
    const pong = frame(types.ping, 1, 0, Buffer.from('are you?'));
    peer.socket.write(frame(types.ping, 0, 0, Buffer.from('are you?')));
    await until(() => peer.received.includes(pong));
    hold.release();
    await peer.closed;
    await stopped;
    expect(peer.received.includes('at last')).toBe(true);
    expect(hold.running).toBe(1);
    expect(peer.goaway).toBe(0);
  });

  it('lets a slow reader read his answer to the end', async () => {
    const msg = 'x'.repeat(32 * 1024 * 1024);
    const server = await serve({ Hello: unary(() => ({ msg })) }, { maxMessageBytes: 2 * msg.length });
    const peer = await rawPeer(server.address);
    const wide = Buffer.from('00047fffffff', 'hex');
    const widen = frame(types.windowUpdate, 0, 0, Buffer.from('7fff0000', 'hex'));
    peer.socket.write(Buffer.concat([preface, frame(types.settings, 0, 0, wide), widen, call(1), message(1, bob)]));
    let length = 0;
    peer.socket.removeAllListeners('data').on('data', (bytes: Buffer) => {
      length += bytes.length;
      if (length > 1000) peer.socket.pause();
    });
    await until(() => length > 1000);
    const stopped = server.stop({ graceMs: 60_000 });
    // He reads nothing for longer than a server waits for those that have nothing to read: that nothing is cut off shows only in time.
    await sleep(2_000);
    peer.socket.removeAllListeners('data').on('data', (bytes: Buffer) => (length += bytes.length));
    peer.socket.resume();
    await peer.closed;
    await stopped;
    expect(length).toBeGreaterThan(msg.length);
  });

  it('tells those whose time is over', async () => {
    const hold = held();
    const server = await serve({ Hold: hold.method });
    const session = await bareClient(server.address);
    const answered = ask(session, headers('/Greeter/Hold'), bob);
    await until(() => hold.running === 1);
    await server.stop({ graceMs: 0 });
    const { head } = await answered;
    expect(head).toMatchObject({ 'grpc-status': '13' });
    expect(head?.['grpc-message']).toContain('the server is stopping');
  });
});

it('says why it has let go of a caller', async () => {
  const lines: string[] = [];
  const say = (message: string, fields: object = {}): void => void lines.push(`${message}: ${JSON.stringify(fields)}`);
  const log = { debug() {}, info: say, warn: say, error: say };
  const { address } = await serve({ Hello: hello }, {}, { log });
  lines.length = 0;
  const peer = await rawPeer(address);
  peer.socket.write(Buffer.concat([preface, settings, frame(types.ping, 0, 0, Buffer.alloc(7))]));
  await peer.closed;
  const flooding = await rawPeer(address);
  flooding.socket.write(Buffer.concat([preface, settings, ...Array.from({ length: 1200 }, () => settings)]));
  await flooding.closed;
  const leaving = await rawPeer(address);
  leaving.socket.end(Buffer.concat([preface, settings]));
  await leaving.closed;
  await until(() => lines.length >= 2);
  expect(lines).toEqual([
    expect.stringContaining('a caller broke the rules of HTTP/2: {"remote":"127.0.0.1:'),
    expect.stringContaining('a caller asks too much of its connection: {"remote":"127.0.0.1:'),
  ]);
});
