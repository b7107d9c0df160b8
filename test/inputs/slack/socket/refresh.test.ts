import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { sleep } from '../../../../src/async/sleep.ts';
import { socketSource } from '../../../../src/inputs/slack/socket/socket.ts';
import { silent } from '../../../../src/log/log.ts';
import type { Outcome } from '../../../support/slack/courier.ts';
import { until } from '../../../support/until.ts';
import { hello, startPeer } from './peer.ts';
import { connected, receive, told } from './receiving.ts';

describe('a planned refresh', () => {
  it('leaves no moment without an open socket, 200 times and under load', async () => {
    await using bot = await connected({ retryAfterMs: [0, 0, 0] });
    const { slack } = bot;
    const done = new AbortController();
    const sent: Promise<Outcome>[] = [];
    const load = (async () => {
      while (!done.signal.aborted) {
        sent.push(slack.event({ type: 'app_home_opened', number: sent.length }));
        await sleep(1);
      }
    })();
    // One after the other, with hardly any warning; then all that are open at once.
    for (let refreshes = 0; refreshes < 160; refreshes += 1) {
      await until(() => slack.sockets.open >= 2);
      await slack.sockets.refresh({ warningMs: 2, graceMs: 5 });
    }
    for (let refreshes = 0; refreshes < 40; refreshes += 2) {
      await until(() => slack.sockets.open === 2);
      // Slack gives ten seconds. Other work takes the processors for longer than a tenth of one.
      await slack.sockets.refresh({ count: 2, warningMs: 100, graceMs: 400 });
    }
    await until(() => slack.sockets.open === 2);
    done.abort();
    await load;
    const outcomes = await Promise.all(sent);
    expect(outcomes.filter(({ acknowledged }) => !acknowledged)).toEqual([]);
    expect(new Set(bot.deliveries.map(({ body }) => JSON.stringify(body['event']))).size).toBe(outcomes.length);
    expect(slack.sockets.dark).toEqual({ times: 0, ms: 0 });
    expect(slack.sockets.opened).toBe(202);
    expect(told(bot)).toEqual([]);
  }, 180_000);

  it('comes before Slack ends a socket by itself', async () => {
    await using bot = await connected({ approximateConnectionTimeS: 1 });
    const { slack } = bot;
    await until(() => slack.sockets.opened >= 6);
    expect(slack.sockets.dark.times).toBe(0);
    expect(bot.source.outage).toBeUndefined();
    expect(told(bot)).toEqual([]);
  });

  it('goes on receiving and acknowledging on the old one, until the grace is over', async () => {
    await using peer = await startPeer(({ say, index }) => {
      say(hello);
      if (index > 0) return;
      say({ type: 'disconnect', reason: 'refresh_requested' });
      void until(() => peer.opened === 2).then(() =>
        say({ envelope_id: 'late', type: 'slash_commands', payload: { text: 'late' } }),
      );
    });
    await using bot = receive(peer.openUrl, { sockets: 1, timing: { graceMs: 300 } });
    await until(() => peer.heard.length === 1);
    expect(peer.heard).toEqual(['{"envelope_id":"late"}']);
    expect(bot.deliveries.map(({ body }) => body['text'])).toEqual(['late']);
    await until(() => peer.connections === 1);
    expect(peer.opened).toBe(2);
    expect(bot.source.outage).toBeUndefined();
  });

  it('keeps the old socket while no new one says hello', async () => {
    const later: (() => void)[] = [];
    await using peer = await startPeer(({ say, index }) => {
      if (index === 0 || peer.heard.length > 0) say(hello);
      if (index === 0) later.push(() => say({ envelope_id: 'e1', type: 'events_api', payload: {} }));
      if (index === 0) say({ type: 'disconnect', reason: 'warning' });
    });
    // The first one has to say it within that, too.
    await using bot = receive(peer.openUrl, { sockets: 1, timing: { helloMs: 600, graceMs: 20 } });
    await until(() => peer.opened >= 3);
    for (const send of later) send();
    await until(() => peer.heard.includes('{"envelope_id":"e1"}'));
    expect(bot.source.outage).toBeUndefined();
    const { opened } = peer;
    await until(() => peer.opened >= opened && peer.connections === 1);
    expect(told(bot)).toEqual([]);
  });

  it('closes the old one after the grace also when Slack had promised it more time', async () => {
    await using peer = await startPeer(({ say, index }) => {
      say({ ...hello, debug_info: { approximate_connection_time: 18_060 } });
      if (index === 0) say({ type: 'disconnect', reason: 'warning' });
    });
    await using bot = receive(peer.openUrl, { sockets: 1, timing: { graceMs: 50 } });
    await until(() => peer.opened === 2 && peer.connections === 1);
    expect(bot.source.outage).toBeUndefined();
  });

  it('storm keeps two old sockets at most, and no listener of those that are gone', async () => {
    await using peer = await startPeer(({ say, index }) => {
      say(hello);
      if (index < 40) say({ type: 'disconnect', reason: 'refresh_requested' });
    });
    const stop = new AbortController();
    const { openUrl } = peer;
    const source = socketSource({ appToken: 'xapp-1', openUrl, sockets: 1, log: silent, timing: { graceMs: 60_000 } });
    const running = source.run(
      () => undefined,
      () => {},
      stop.signal,
    );
    await until(() => peer.opened === 41 && peer.connections === 3);
    expect(getEventListeners(stop.signal, 'abort').length).toBeLessThan(8);
    stop.abort();
    await running;
    await until(() => peer.connections === 0);
  });
});
