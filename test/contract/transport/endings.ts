import { expect, test } from 'vitest';
import type { Socket } from '../../../src/runtime/transport/transport.ts';
import { collector, echo } from '../../runtime/transport/collector.ts';
import type { Breakable, World } from './world.ts';

/** How sockets end, and what becomes of the messages then. */
export function endings(world: World): void {
  test('delivers everything before an orderly end, and tells each side once', async () => {
    const { client, atClient, atServer } = await world.pair();
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
    const { client, server, atServer } = await world.pair();
    server.pause();
    const block = 'x'.repeat(500_000);
    for (let at = 0; at < 16; at += 1) client.send({}, block);
    client.close();
    server.resume();
    await atServer.ended();
    expect(atServer.messages).toHaveLength(16);
  });

  test('keeps what was sent before an orderly end for a receiver that pauses, and tells it the end then', async () => {
    const accepted: Socket[] = [];
    const atServer = collector(() => accepted[0]?.pause());
    const listener = await world.listen((socket) => {
      accepted.push(socket);
      return atServer;
    });
    const atClient = collector();
    const client = await world.dial(listener.address, atClient);
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
    const { client, server, atServer } = await world.pair();
    client.send({}, 'one');
    await atServer.received(1);
    server.pause();
    client.close();
    expect(await atServer.ended()).toBeUndefined();
  });

  test('destroys at once: both sides are told, once', async () => {
    const { client, server, atClient, atServer } = await world.pair();
    client.destroy();
    server.send({}, 'nobody hears this');
    await Promise.all([atClient.ended(), atServer.ended()]);
    server.close();
    server.destroy();
    expect([atClient.closings.length, atServer.closings.length]).toEqual([1, 1]);
    expect(atClient.messages).toEqual([]);
  });

  test('gives a receiver nothing more after it closed the socket', async () => {
    const { client, server, atServer } = await world.pair();
    server.pause();
    for (const text of ['1', '2', '3']) client.send({}, text);
    server.close();
    server.resume();
    await atServer.ended();
    expect(atServer.messages).toEqual([]);
  });

  test('a receiver may close or destroy its socket from within a message', async () => {
    for (const way of ['close', 'destroy'] as const) {
      const accepted: Socket[] = [];
      let isInside = false;
      let wasInside = false;
      const seen = collector(() => {
        isInside = true;
        accepted[0]?.[way]();
        isInside = false;
      });
      const listener = await world.listen((socket) => {
        accepted.push(socket);
        return {
          ...seen,
          closed(error) {
            wasInside ||= isInside;
            seen.closed(error);
          },
        };
      });
      const atClient = collector();
      const client = await world.dial(listener.address, atClient);
      for (const text of ['1', '2', '3']) client.send({}, text);
      await Promise.all([seen.ended(), atClient.ended()]);
      expect(seen.texts()).toEqual(['1']);
      expect(wasInside).toBe(false);
    }
  });

  if (world.breakable !== undefined)
    test('tells both sides when the connection breaks', async () => {
      const broken: Breakable[] = [];
      const { atClient, atServer } = await world.pair(async (address) => {
        const breakable = await world.breakable?.(address);
        if (breakable === undefined) return address;
        broken.push(breakable);
        return breakable.address;
      });
      await broken[0]?.break();
      expect(await atClient.ended()).toMatchObject({ name: 'TransportError', code: 'reset' });
      expect(await atServer.ended()).toMatchObject({ name: 'TransportError', code: 'reset' });
      expect([atClient.closings.length, atServer.closings.length]).toEqual([1, 1]);
    });

  test('keeps open sockets when the listener closes', async () => {
    const listener = await world.listen(echo);
    const answers = collector();
    const socket = await world.dial(listener.address, answers);
    socket.send({}, 'before');
    await answers.received(1);
    await listener.close();
    socket.send({}, 'after');
    expect(await answers.received(2)).toEqual(['before', 'after']);
  });

  test('a socket that retires says so with its messages, or not at all', async () => {
    const { server, atClient } = await world.pair();
    server.send({}, 'before');
    server.retire?.();
    server.send({}, 'after');
    expect(await atClient.received(2)).toEqual(['before', 'after']);
    const told = atClient.messages.map(({ headers }) => headers['Connection']);
    expect(told).toEqual([undefined, server.retire === undefined ? undefined : 'close']);
  });
}
