import { expect, test } from 'vitest';
import type { Socket } from '../../../src/runtime/transport/transport.ts';
import { collector } from '../../runtime/transport/collector.ts';
import { until } from '../../support/until.ts';
import type { World } from './world.ts';

/** Receivers that don't want more for a while. */
export function pauses(world: World): void {
  if (world.holdsBack)
    test('holds the sender back while the receiver pauses, and tells it when to go on', async () => {
      const { client, server, atServer, atClient } = await world.pair();
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

  test('says that a sender is too fast, and when it may go on', async () => {
    const { client, atClient, atServer } = await world.pair();
    const block = 'x'.repeat(64 * 1024);
    let sent = 1;
    while (client.send({}, block)) sent += 1;
    await until(() => atClient.drains.count > 0);
    await atServer.received(sent);
    client.send({}, 'more');
    await atServer.received(sent + 1);
  });

  test('stops in the middle of what came at once, and goes on there', async () => {
    const accepted: Socket[] = [];
    const seen = collector(() => accepted[0]?.pause());
    const listener = await world.listen((socket) => {
      accepted.push(socket);
      return seen;
    });
    const client = await world.dial(listener.address, collector());
    for (const text of ['1', '2', '3']) client.send({}, text);
    for (const count of [1, 2, 3]) {
      await seen.received(count);
      expect(seen.texts()).toHaveLength(count);
      accepted[0]?.resume();
    }
  });
}
