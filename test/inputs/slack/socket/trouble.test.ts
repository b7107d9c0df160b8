import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startFakeSlack } from '../../../support/slack/fake.ts';
import { until } from '../../../support/until.ts';
import { hello, startPeer } from './peer.ts';
import { connected, receive, told, urlOf } from './receiving.ts';

const bothEnds = ['warn: no socket to Slack is open', 'info: a socket to Slack is open again'];

describe('a lost socket', () => {
  it('is replaced while the other one receives', async () => {
    await using bot = await connected();
    const { slack } = bot;
    for (let times = 1; times <= 10; times += 1) {
      slack.sockets.cut(1);
      await until(() => slack.sockets.opened === times + 2);
    }
    expect(slack.sockets.dark.times).toBe(0);
    expect(bot.source.outage).toBeUndefined();
    expect(told(bot)).toEqual([]);
  });

  it('is an outage when it was the last one, told once at each end', async () => {
    await using bot = await connected();
    const { slack } = bot;
    slack.sockets.cut();
    await until(() => slack.sockets.opened === 4 && bot.source.outage === undefined);
    expect(bot.source.outage).toBeUndefined();
    expect(told(bot)).toEqual(bothEnds);
    expect(bot.lines.find(({ level }) => level === 'warn')?.fields['reason']).toContain('closed');
    expect(bot.lines.find(({ level }) => level === 'info')?.fields['outageMs']).toBeGreaterThanOrEqual(0);
    expect(bot.opens).toBe(1);
  });

  it('is found out by its silence, when it is half-open', async () => {
    await using bot = await connected({ ackWithinMs: 200, retryAfterMs: [0, 0, 0, 0, 0] });
    const { slack } = bot;
    slack.sockets.freeze(1);
    await until(() => slack.sockets.opened === 3 && slack.sockets.open === 2);
    expect(slack.sockets.dark.times).toBe(0);
    slack.sockets.freeze();
    await until(() => slack.sockets.opened === 5 && slack.sockets.open === 2 && bot.source.outage === undefined);
    expect((await slack.event({ type: 'app_home_opened' })).acknowledged).toBe(true);
    expect(bot.source.outage).toBeUndefined();
    expect(bot.lines.filter(({ fields }) => fields['reason'] === 'the socket fell silent')).not.toEqual([]);
  });

  it('is not one that has nothing to say but answers our pings', async () => {
    let pings = 0;
    await using peer = await startPeer(({ say, socket }) => {
      say(hello);
      socket.on('ping', () => {
        pings += 1;
      });
    });
    await using bot = receive(peer.openUrl, { sockets: 1, timing: { pingMs: 20, missedPings: 2 } });
    await until(() => pings > 10);
    expect([peer.opened, bot.source.outage]).toEqual([1, undefined]);
  });

  it('is not one whose pongs waited while the program was busy', async () => {
    let pings = 0;
    await using peer = await startPeer(({ say, socket }) => {
      say(hello);
      socket.on('ping', () => {
        pings += 1;
      });
    });
    await using bot = receive(peer.openUrl, { sockets: 1, timing: { pingMs: 20, missedPings: 2 } });
    await until(() => pings > 2);
    const until300 = performance.now() + 300;
    while (performance.now() < until300);
    const before = pings;
    await until(() => pings > before + 4);
    expect([peer.opened, bot.source.outage]).toEqual([1, undefined]);
  });

  it('is one that talks but never reads, too', async () => {
    await using peer = await startPeer(({ say, socket }) => {
      say(hello);
      const talk = setInterval(() => say({ type: 'noise' }), 10);
      socket.on('close', () => clearInterval(talk));
    }, false);
    await using bot = receive(peer.openUrl, { sockets: 1, timing: { pingMs: 20, missedPings: 2 } });
    await until(() => peer.opened >= 3);
    expect(bot.lines.some(({ fields }) => fields['reason'] === 'the socket fell silent')).toBe(true);
  });

  it('is one that said goodbye, even when the connection beneath never ends', async () => {
    const endless: Socket[] = [];
    await using peer = await startPeer(({ say, socket, tcp, index }) => {
      if (index > 0) return;
      endless.push(tcp);
      say(hello);
      socket.pause();
      tcp.write(Buffer.from([0x88, 0x02, 0x03, 0xe8]));
    });
    const timing = { closeMs: 60_000, helloMs: 60_000, pingMs: 60_000 };
    await using bot = receive(peer.openUrl, { sockets: 1, timing });
    expect((await until(() => bot.opens > 0 && bot.source.outage)).reason).toContain('1000');
    await until(() => peer.opened === 2);
    for (const tcp of endless) tcp.destroy();
  });

  it('that never says hello is given up', async () => {
    await using bot = await connected({}, { timing: { helloMs: 40 } });
    const { slack } = bot;
    slack.sockets.greet = false;
    slack.sockets.cut();
    await until(() => bot.source.outage?.reason.includes('hello'));
    slack.sockets.greet = true;
    await until(() => slack.sockets.open === 2 && bot.source.outage === undefined);
    expect(told(bot)).toEqual(bothEnds);
  });

  it('that dies right after each hello is not opened again without a wait', async () => {
    await using peer = await startPeer(({ say, socket }) => {
      say(hello);
      socket.close();
    });
    await using bot = receive(peer.openUrl, { sockets: 1 });
    const delays = (): readonly number[] => bot.lines.flatMap(({ fields }) => (fields['delayMs'] ?? []) as number);
    await until(() => delays().length >= 8);
    expect(delays().filter((delayMs) => delayMs === 0)).toHaveLength(1);
    expect(Math.max(...delays())).toBeLessThanOrEqual(60);
  });
});

describe('an outage of Slack', () => {
  it('ends by itself: the port is refused for a while', async () => {
    await using bot = await connected();
    const { slack } = bot;
    const before = Date.now();
    await slack.down();
    const outage = await until(() => bot.source.outage);
    expect(outage.since).toBeGreaterThanOrEqual(before - 1);
    await until(() => bot.lines.filter(({ message }) => message.includes('did not open')).length > 12);
    expect(bot.source.outage?.since).toBe(outage.since);
    await slack.up();
    await until(() => slack.sockets.open === 2 && bot.source.outage === undefined);
    expect((await slack.say({ text: 'micro help' })).acknowledged).toBe(true);
    expect(told(bot)).toEqual(bothEnds);
  });

  it('ends by itself, too, when Slack refused the credentials meanwhile', async () => {
    await using bot = await connected();
    const { slack } = bot;
    const end = slack.trouble('apps.connections.open', { kind: 'error', error: 'invalid_auth' });
    slack.sockets.cut();
    await until(() => bot.source.outage?.reason.includes('invalid_auth'));
    await until(() => slack.calls('apps.connections.open').length > 8);
    end();
    await until(() => slack.sockets.open === 2 && bot.source.outage === undefined);
    expect(told(bot)).toEqual(bothEnds);
  });

  it('is not: credentials that are refused while a socket is still open; that is told once', async () => {
    await using bot = await connected();
    const { slack } = bot;
    const end = slack.trouble('apps.connections.open', { kind: 'error', error: 'token_revoked' });
    slack.sockets.cut(1);
    await until(() => slack.calls('apps.connections.open').length > 8);
    expect(bot.source.outage).toBeUndefined();
    expect(told(bot)).toEqual(['warn: Slack takes no further socket']);
    end();
    await until(() => slack.sockets.open === 2 && bot.source.outage === undefined);
    expect(told(bot)).toHaveLength(1);
  });

  it('is not, and is told again, when it comes another time', async () => {
    await using bot = await connected({}, { timing: { stableMs: 1 } });
    const { slack } = bot;
    await until(async () => {
      slack.trouble('apps.connections.open', { kind: 'error', error: 'token_revoked' }, 1);
      slack.sockets.cut(1);
      await until(() => slack.sockets.open === 2 && bot.source.outage === undefined);
      return told(bot).length >= 2;
    });
    expect(new Set(told(bot))).toEqual(new Set(['warn: Slack takes no further socket']));
  });

  it('comes with Socket Mode switched off, and goes with it', async () => {
    await using bot = await connected();
    const { slack } = bot;
    const end = slack.trouble('apps.connections.open', { kind: 'error', error: 'link_disabled' });
    slack.sockets.disable();
    await until(() => bot.source.outage?.reason.includes('link_disabled'));
    end();
    await until(() => slack.sockets.open === 2 && bot.source.outage === undefined);
    expect(told(bot)).toEqual(bothEnds);
    expect(bot.lines.find(({ level }) => level === 'warn')?.fields['reason']).toContain('Socket Mode is switched off');
  });

  it('wakes the other sockets when the first one is back', async () => {
    await using bot = await connected({}, { timing: { minDelayMs: 50_000, maxDelayMs: 50_000 } });
    const { slack } = bot;
    const end = slack.trouble('apps.connections.open', { kind: 'status', status: 503 }, 1);
    slack.sockets.cut();
    await until(() => slack.sockets.open === 2 && bot.source.outage === undefined);
    end();
    expect(told(bot)).toEqual(bothEnds);
  });
});

describe('too many sockets', () => {
  it('are fewer sockets then, and one warning', async () => {
    await using slack = await startFakeSlack({ maxSockets: 1 });
    await using bot = receive(urlOf(slack));
    await until(() => slack.calls('apps.connections.open').length > 6 && bot.source.outage === undefined);
    expect([slack.sockets.open, slack.sockets.opened, slack.sockets.dark.times]).toEqual([1, 1, 0]);
    expect(bot.source.outage).toBeUndefined();
    expect(told(bot)).toEqual(['warn: Slack takes no further socket']);
    expect(bot.lines.find(({ level }) => level === 'warn')?.fields['reason']).toContain('too_many_websockets');
  });

  it('are asked for again after a long wait while another one is open', async () => {
    await using slack = await startFakeSlack({ maxSockets: 1 });
    const timing = { minDelayMs: 1, maxDelayMs: 50_000, slowDelayMs: 50_000 };
    await using bot = receive(urlOf(slack), { timing });
    const { fields } = await until(() => bot.lines.find(({ fields }) => fields['delayMs'] !== undefined));
    expect(fields['delayMs']).toBeGreaterThan(1);
  });

  it('leave no room for the new one of a refresh: it comes as soon as the old one is gone', async () => {
    await using slack = await startFakeSlack({ maxSockets: 1 });
    await using bot = receive(urlOf(slack), {
      sockets: 1,
      timing: { minDelayMs: 50_000, maxDelayMs: 50_000, slowDelayMs: 50_000 },
    });
    await until(() => slack.sockets.open === 1);
    await slack.sockets.refresh({ warningMs: 50 });
    await until(() => slack.sockets.opened === 2);
    expect(slack.calls('apps.connections.open').length).toBeGreaterThan(2);
    await until(() => bot.source.outage === undefined);
    expect((await slack.slash({ command: '/micro' })).acknowledged).toBe(true);
  });

  it('of somebody else are an outage, until they go', async () => {
    await using slack = await startFakeSlack({ maxSockets: 1 });
    const other = receive(urlOf(slack), { sockets: 1 });
    await until(() => slack.sockets.open === 1);
    await using bot = receive(urlOf(slack), { sockets: 1 });
    await until(() => bot.source.outage?.reason.includes('too_many_websockets'));
    expect(bot.opens).toBe(0);
    await other.stop();
    await until(() => bot.opens === 1);
    expect(told(bot)).toEqual(bothEnds);
  });
});
