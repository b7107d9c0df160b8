import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { ClientOptions } from 'ws';
import { readMessage, writeMessage } from '../../../../src/runtime/transport/message.ts';
import type { Socket } from '../../../../src/runtime/transport/transport.ts';
import type { WebsocketTransportOptions } from '../../../../src/runtime/transport/websocket/websocket.ts';
import { websocketTransport } from '../../../../src/runtime/transport/websocket/websocket.ts';
import { until } from '../../../support/until.ts';
import type { Collector } from '../collector.ts';
import { collector, echo } from '../collector.ts';
import { raw } from '../http/raw.ts';

const protocol = 'micro-bot.1';

interface Served {
  readonly address: string;
  readonly sockets: readonly Socket[];
  readonly seen: Collector;
}

async function serving(options: WebsocketTransportOptions = {}): Promise<Served> {
  const sockets: Socket[] = [];
  const seen = collector();
  const listener = await websocketTransport(options).listen('127.0.0.1:0', (socket) => {
    sockets.push(socket);
    return seen;
  });
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await listener.close();
  });
  return { address: listener.address, sockets, seen };
}

interface Peer {
  readonly ws: WebSocket;
  readonly ended: Promise<{ readonly code: number; readonly reason: string }>;
}

/** A client of the library, which knows nothing of us. */
async function peer(address: string, options: ClientOptions = {}, protocols = [protocol]): Promise<Peer> {
  const ws = new WebSocket(`ws://${address}`, protocols, options);
  onTestFinished(() => ws.terminate());
  const ended = once(ws, 'close').then(([code, reason]) => ({ code: Number(code), reason: String(reason) }));
  await once(ws, 'open');
  return { ws, ended };
}

const statusOf = (address: string, options: ClientOptions, protocols = [protocol]): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const ws = new WebSocket(`ws://${address}`, protocols, options);
    ws.once('unexpected-response', (_request, response) => resolve(response.statusCode));
    ws.once('open', () => reject(new Error('it was let in')));
    ws.on('error', () => {});
    onTestFinished(() => ws.terminate());
  });

test('a message is one binary message with the protobuf of the grpc transport', async () => {
  const { address, sockets, seen } = await serving();
  const { ws } = await peer(address);
  const [answer] = [once(ws, 'message')];
  ws.send(Buffer.from('0a0d0a084d6963726f2d4964120137120268690a', 'hex').subarray(0, 19));
  expect(await seen.received(1)).toEqual(['hi']);
  expect({ ...seen.messages[0]?.headers }).toEqual({ 'Micro-Id': '7' });
  sockets[0]?.send({ 'Micro-Id': '8' }, 'ho');
  const [data, isBinary] = (await answer) as [Buffer, boolean];
  expect([readMessage(data).body.toString(), isBinary]).toEqual(['ho', true]);
});

test('nothing is compressed, whatever the other side offers', async () => {
  const { address } = await serving();
  const { ws } = await peer(address, { perMessageDeflate: true });
  expect(ws.extensions).toBe('');
});

describe('the server refuses', () => {
  test('pages in browsers', async () => {
    const { address } = await serving();
    expect(await statusOf(address, { origin: `http://${address}` })).toBe(403);
  });

  test('who asks for another protocol, or none', async () => {
    const { address } = await serving();
    expect(await statusOf(address, {}, ['mqtt'])).toBe(400);
    expect(await statusOf(address, {}, [])).toBe(400);
  });

  test('requests that are no WebSocket', async () => {
    const { address } = await serving();
    const response = await fetch(`http://${address}/`, { method: 'POST', body: 'hello' });
    expect([response.status, await response.text()]).toEqual([426, 'this port speaks WebSocket\n']);
  });

  test.each([
    ['text', 'hello', 1002],
    ['what is no message', Buffer.from('0a05', 'hex'), 1002],
    ['what is too large', Buffer.alloc(1001), 1009],
  ])('%s', async (_what, data, code) => {
    const { address, seen } = await serving({ maxMessageBytes: 1000 });
    const { ws, ended } = await peer(address);
    ws.send(writeMessage({}, 'good'));
    ws.send(data);
    ws.send(writeMessage({}, 'late'));
    expect((await ended).code).toBe(code);
    expect(await seen.ended()).toMatchObject({ code: code === 1009 ? 'too_large' : 'invalid' });
    expect(seen.texts()).toEqual(['good']);
  });

  test('frames that are none', async () => {
    const { address, seen } = await serving();
    const net = connect(Number(address.split(':')[1]), '127.0.0.1');
    await peer(address, { createConnection: () => net });
    // Reserved bits, and not masked.
    net.write(Buffer.from('f20100', 'hex'));
    expect(await seen.ended()).toMatchObject({ code: 'invalid' });
  });

  test('to keep who was refused and goes on', async () => {
    const { address } = await serving({ headTimeoutMs: 100 });
    const net = connect({ host: '127.0.0.1', port: Number(address.split(':')[1]), allowHalfOpen: true });
    onTestFinished(() => void net.destroy());
    net.on('error', () => {});
    net.write(`GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    await once(net.resume(), 'end');
    // Whoever is still there takes what he gets.
    await until(() => net.destroyed || (net.write('more'), false));
  });

  test('to wait for a handshake', async () => {
    const { address } = await serving({ headTimeoutMs: 50 });
    const silent = raw(connect(Number(address.split(':')[1]), '127.0.0.1'));
    const partial = raw(connect(Number(address.split(':')[1]), '127.0.0.1'));
    partial.write('GET / HTTP/1.1\r\nUpgrade: web');
    expect(await Promise.all([silent.ended(), partial.ended()])).toEqual(['', '']);
  });
});

describe('signs of life', () => {
  test('who gives none is given up', async () => {
    const { address, seen } = await serving({ pingMs: 30 });
    const { ended } = await peer(address, { autoPong: false });
    expect(await seen.ended()).toMatchObject({ code: 'timeout' });
    expect((await ended).code).toBe(1008);
  });

  test('who answers a ping stays', async () => {
    const { address, seen, sockets } = await serving({ pingMs: 10 });
    const { ws } = await peer(address);
    let pings = 0;
    ws.on('ping', () => {
      pings += 1;
    });
    await until(() => pings >= 10);
    expect(seen.closings).toEqual([]);
    expect(sockets).toHaveLength(1);
  });

  test('who pauses for long stays, on both sides', async () => {
    const transport = websocketTransport({ pingMs: 50 });
    const { address, seen, sockets } = await serving({ pingMs: 50 });
    const atClient = collector();
    const client = await transport.dial(address, atClient);
    onTestFinished(() => client.destroy());
    await until(() => sockets.length === 1);
    sockets[0]?.pause();
    const block = 'x'.repeat(100_000);
    // More than the server keeps for a receiver that pauses: it reads no more, and so it answers no ping.
    for (let at = 0; at < 100; at += 1) client.send({}, block);
    // That nothing happens shows only in time: ten pings that are not answered.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect([atClient.closings, seen.closings]).toEqual([[], []]);
    sockets[0]?.resume();
    await seen.received(100);
  });
});

describe('our client', () => {
  async function port(server: Server): Promise<string> {
    server.listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test.each([
    [1000, undefined],
    [1001, undefined],
    [1009, 'too_large'],
    [1011, 'invalid'],
  ])('reads the end %i as %s', async (code, expected) => {
    const server = createHttpServer();
    new WebSocketServer({ server }).on('connection', (ws) => ws.close(code, 'because'));
    const seen = collector();
    await websocketTransport().dial(await port(server), seen);
    const error = await seen.ended();
    expect(error?.code).toBe(expected);
    if (error !== undefined) expect(error.message).toContain('because');
  });

  test('a server that does not take WebSockets', async () => {
    const address = await port(createHttpServer((_request, response) => response.writeHead(404).end()));
    const dial = websocketTransport().dial(address, collector());
    await expect(dial).rejects.toMatchObject({ code: 'invalid' });
    await expect(dial).rejects.toThrow(`${address} does not take WebSockets: it answered 404`);
  });

  test('a server of something else', async () => {
    const address = await port(createServer((net) => net.on('error', () => {}).end('220 hello\r\n')));
    await expect(websocketTransport().dial(address, collector())).rejects.toMatchObject({ code: 'invalid' });
  });

  test('a server that chooses another protocol', async () => {
    const server = createHttpServer();
    const other = new WebSocketServer({ server, handleProtocols: () => 'mqtt' });
    other.on('wsClientError', () => {});
    await expect(websocketTransport().dial(await port(server), collector())).rejects.toMatchObject({ code: 'invalid' });
  });

  test('a server that says nothing does not hold it up', async () => {
    const address = await port(createServer((net) => net.on('error', () => {})));
    const dial = websocketTransport().dial(address, collector(), { timeoutMs: 50 });
    await expect(dial).rejects.toMatchObject({ code: 'timeout' });
  });

  test('a server that hangs up at once is unreachable', async () => {
    const address = await port(
      createServer((net) =>
        net
          .on('error', () => {})
          .resume()
          .end(),
      ),
    );
    await expect(websocketTransport().dial(address, collector())).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('its sockets come to their end when the listener has closed and they are closed', async () => {
    const listener = await websocketTransport().listen('127.0.0.1:0', echo);
    const seen = collector();
    const socket = await websocketTransport().dial(listener.address, seen);
    await listener.close();
    await expect(websocketTransport().dial(listener.address, collector())).rejects.toMatchObject({
      code: 'unreachable',
    });
    socket.close();
    expect(await seen.ended()).toBeUndefined();
  });
});
