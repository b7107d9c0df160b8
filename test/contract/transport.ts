import { afterEach, describe, expect, test } from 'vitest';
import type { Listener, Receiver, Socket, Transport } from '../../src/runtime/transport/transport.ts';
import { TransportError } from '../../src/runtime/transport/transport.ts';
import type { Collector } from '../runtime/transport/collector.ts';
import { collector, echo } from '../runtime/transport/collector.ts';
import { until } from '../support/until.ts';

/** What every transport promises. `address` is where a test may listen; its port is 0. */
export function transportContract(name: string, create: () => Transport, address = '127.0.0.1:0'): void {
  describe(`transport ${name}`, () => {
    const listeners: Listener[] = [];
    const sockets: Socket[] = [];
    const transport = create();

    afterEach(async () => {
      for (const socket of sockets.splice(0)) socket.destroy();
      await Promise.all(listeners.splice(0).map((listener) => listener.close()));
    });

    async function listen(accept: (socket: Socket) => Receiver, at = address): Promise<Listener> {
      const listener = await transport.listen(at, (socket) => {
        sockets.push(socket);
        return accept(socket);
      });
      listeners.push(listener);
      return listener;
    }

    async function dial(at: string, receiver: Receiver): Promise<Socket> {
      const socket = await transport.dial(at, receiver);
      sockets.push(socket);
      return socket;
    }

    /** A connection with a collector at either end. */
    async function pair(): Promise<{ client: Socket; server: Socket; atClient: Collector; atServer: Collector }> {
      const atClient = collector();
      const atServer = collector();
      const accepted: Socket[] = [];
      const listener = await listen((socket) => {
        accepted.push(socket);
        return atServer;
      });
      const client = await dial(listener.address, atClient);
      const server = await until(() => accepted[0]);
      return { client, server, atClient, atServer };
    }

    test('carries a message there and back, headers and body', async () => {
      const listener = await listen(echo);
      const answers = collector();
      const socket = await dial(listener.address, answers);
      socket.send({ 'Micro-Id': '7', 'foo-BAR': 'hé→ "x"', Empty: '' }, '{"name":"hé→"}\n');
      expect(await answers.received(1)).toEqual(['{"name":"hé→"}\n']);
      expect(answers.messages[0]?.headers).toMatchObject({ 'Micro-Id': '7', 'Foo-Bar': 'hé→ "x"', Empty: '' });
    });

    test('keeps the order of many messages', async () => {
      const { client, atServer } = await pair();
      const sent = Array.from({ length: 1000 }, (_, at) => `message ${at}`);
      for (const text of sent) client.send({ 'Micro-Id': text.slice(8) }, text);
      expect(await atServer.received(1000)).toEqual(sent);
      expect(atServer.messages.map(({ headers }) => headers['Micro-Id'])).toEqual(sent.map((text) => text.slice(8)));
    });

    test('lets either side speak, however often and without being asked', async () => {
      const { client, server, atClient, atServer } = await pair();
      server.send({}, 'one');
      server.send({}, 'two');
      expect(await atClient.received(2)).toEqual(['one', 'two']);
      expect(atServer.messages).toEqual([]);
      client.send({}, 'three');
      expect(await atServer.received(1)).toEqual(['three']);
      expect(atClient.texts()).toEqual(['one', 'two']);
    });

    test('carries empty bodies and bytes of every value', async () => {
      const { client, atServer } = await pair();
      const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
      client.send({ A: '1' }, '');
      client.send({ A: '2' }, bytes);
      client.send({ A: '3' }, new Uint8Array(0));
      await atServer.received(3);
      expect(atServer.messages.map(({ body }) => [...body])).toEqual([[], [...bytes], []]);
    });

    test('carries large bodies', async () => {
      const { client, atServer } = await pair();
      const bytes = Buffer.alloc(5_000_000, 'go-micro ');
      client.send({ A: 'é' }, bytes);
      client.send({}, bytes.toString());
      await atServer.received(2);
      expect(atServer.messages.every(({ body }) => body.equals(bytes))).toBe(true);
    });

    test('does not share memory with the sender', async () => {
      const { client, atServer } = await pair();
      const bytes = Buffer.from('before');
      client.send({}, bytes);
      await atServer.received(1);
      bytes.write('after!');
      expect(atServer.texts()).toEqual(['before']);
    });

    test.each([
      'a\r\nEvil: 1',
      'a\nb',
      'a\rb',
      'a\0b',
    ])('refuses the header value %j and sends nothing', async (value) => {
      const { client, atServer } = await pair();
      expect(() => client.send({ Fine: 'x', Bad: value }, 'refused')).toThrow(TransportError);
      client.send({ Fine: 'y' }, 'next');
      expect(await atServer.received(1)).toEqual(['next']);
    });

    test.each([
      '',
      'a b',
      'a:b',
      'a\r\nb',
      'é',
      ':status',
    ])('refuses the header name %j and sends nothing', async (header) => {
      const { client, atServer } = await pair();
      expect(() => client.send({ [header]: 'x' }, 'refused')).toThrow(expect.objectContaining({ code: 'invalid' }));
      client.send({}, 'next');
      expect(await atServer.received(1)).toEqual(['next']);
    });

    test('leaves headers about framing to itself', async () => {
      const { client, atServer } = await pair();
      client.send({ 'Content-Length': '9', 'transfer-encoding': 'gzip', Host: 'x', Trailer: 'y' }, 'body');
      expect(await atServer.received(1)).toEqual(['body']);
      expect(Object.keys(atServer.messages[0]?.headers ?? {})).not.toContain('Content-Length');
    });

    test('holds the sender back while the receiver pauses, and tells it when to go on', async () => {
      const { client, server, atServer, atClient } = await pair();
      server.pause();
      const block = 'x'.repeat(64 * 1024);
      let sent = 1;
      while (client.send({}, block)) sent += 1;
      // Node counts a first full buffer as not keeping up although the kernel takes it: go on until it does not any more.
      for (let more = 0; more < 400; more += 1) client.send({}, block);
      sent += 400;
      expect(atServer.messages).toEqual([]);
      expect(atClient.drains.count).toBe(0);
      server.resume();
      await atServer.received(sent);
      await until(() => atClient.drains.count > 0);
    });

    test('stops in the middle of what came at once, and goes on there', async () => {
      const accepted: Socket[] = [];
      const seen = collector(() => accepted[0]?.pause());
      const listener = await listen((socket) => {
        accepted.push(socket);
        return seen;
      });
      const client = await dial(listener.address, collector());
      for (const text of ['1', '2', '3']) client.send({}, text);
      for (const count of [1, 2, 3]) {
        await seen.received(count);
        expect(seen.texts()).toHaveLength(count);
        accepted[0]?.resume();
      }
    });

    test('delivers everything before an orderly end, and tells each side once', async () => {
      const { client, atClient, atServer } = await pair();
      for (let at = 0; at < 100; at += 1) client.send({}, `${at}`);
      client.close();
      client.close();
      expect(await atServer.ended()).toBeUndefined();
      expect(atServer.messages).toHaveLength(100);
      expect(await atClient.ended()).toBeUndefined();
      client.destroy();
      expect(client.send({}, 'too late')).toBe(true);
      expect([atClient.closings, atServer.closings]).toEqual([[undefined], [undefined]]);
    });

    test('writes what is queued before it closes', async () => {
      const { client, server, atServer } = await pair();
      server.pause();
      const block = 'x'.repeat(1_000_000);
      for (let at = 0; at < 8; at += 1) client.send({}, block);
      client.close();
      server.resume();
      await atServer.ended();
      expect(atServer.messages).toHaveLength(8);
    });

    test('keeps what was sent before an orderly end for a receiver that pauses, and tells it the end then', async () => {
      const accepted: Socket[] = [];
      const atServer = collector(() => accepted[0]?.pause());
      const listener = await listen((socket) => {
        accepted.push(socket);
        return atServer;
      });
      const atClient = collector();
      const client = await dial(listener.address, atClient);
      for (const text of ['1', '2', '3', '4']) client.send({}, text);
      client.close();
      await atClient.ended();
      for (const count of [1, 2, 3]) {
        await atServer.received(count);
        expect([atServer.messages.length, atServer.closings.length]).toEqual([count, 0]);
        accepted[0]?.resume();
      }
      await atServer.received(4);
      accepted[0]?.resume();
      expect(await atServer.ended()).toBeUndefined();
      expect(atServer.closings).toHaveLength(1);
    });

    test('tells a receiver that pauses the end when nothing waits for it', async () => {
      const { client, server, atServer } = await pair();
      client.send({}, 'one');
      await atServer.received(1);
      server.pause();
      client.close();
      expect(await atServer.ended()).toBeUndefined();
    });

    test('destroys at once: both sides are told, once', async () => {
      const { client, server, atClient, atServer } = await pair();
      client.destroy();
      server.send({}, 'nobody hears this');
      await Promise.all([atClient.ended(), atServer.ended()]);
      server.close();
      server.destroy();
      expect([atClient.closings.length, atServer.closings.length]).toEqual([1, 1]);
      expect(atClient.messages).toEqual([]);
    });

    test('cannot reach an address nobody listens on', async () => {
      const listener = await listen(echo);
      await listener.close();
      await expect(transport.dial(listener.address, collector())).rejects.toMatchObject({
        name: 'TransportError',
        code: 'unreachable',
      });
    });

    test.each([
      '',
      'host',
      'host:',
      'host:x',
      '1:2:3',
      'host:65536',
      'host:0',
      'host:1-2',
    ])('does not dial %j', async (bad) => {
      await expect(transport.dial(bad, collector())).rejects.toMatchObject({ code: 'invalid' });
    });

    test('keeps open sockets when the listener closes', async () => {
      const listener = await listen(echo);
      const answers = collector();
      const socket = await dial(listener.address, answers);
      socket.send({}, 'before');
      await answers.received(1);
      await listener.close();
      socket.send({}, 'after');
      expect(await answers.received(2)).toEqual(['before', 'after']);
    });

    test('listens on the first free port of a range, and says when there is none', async () => {
      const taken = await listen(echo);
      const port = Number(taken.address.slice(taken.address.lastIndexOf(':') + 1));
      const host = address.slice(0, -2);
      await expect(listen(echo, `${host}:${port}`)).rejects.toMatchObject({ code: 'unavailable' });
      const next = await listen(echo, `${host}:${port}-${Math.min(port + 50, 65_535)}`);
      expect(next.address.startsWith(`${host}:`)).toBe(true);
      expect(next.address).not.toBe(taken.address);
      const answers = collector();
      (await dial(next.address, answers)).send({}, 'hello');
      expect(await answers.received(1)).toEqual(['hello']);
    });
  });
}
