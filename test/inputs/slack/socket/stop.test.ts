import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { sleep } from '../../../../src/async/sleep.ts';
import { startFakeSlack } from '../../../support/slack/fake.ts';
import { until } from '../../../support/until.ts';
import { hello, startPeer } from './peer.ts';
import { connected, receive, told, urlOf } from './receiving.ts';

const patient = { urlMs: 60_000, helloMs: 60_000, minDelayMs: 60_000, maxDelayMs: 60_000, slowDelayMs: 60_000 };
const never = new Promise<string>(() => {});

describe('stopping', () => {
  it('ends at once what waits for an address, also when nobody there listens to the signal', async () => {
    let asked = 0;
    await using bot = receive(() => {
      asked += 1;
      return never;
    });
    await until(() => asked === 1);
    await bot.stop();
    expect([asked, bot.opens, told(bot)]).toEqual([1, 0, []]);
  });

  it('gives up an address that never comes, too', async () => {
    let asked = 0;
    await using bot = receive(
      () => {
        asked += 1;
        return never;
      },
      { timing: { urlMs: 20 } },
    );
    await until(() => asked === 3);
    expect(bot.source.outage?.reason).toContain('in time');
  });

  it('opens no socket for an address that comes afterwards', async () => {
    await using peer = await startPeer(({ say }) => say(hello));
    const late: ((url: string) => void)[] = [];
    const bot = receive(() => new Promise((resolve) => late.push(resolve)));
    await until(() => late.length === 1);
    await bot.stop();
    for (const resolve of late) resolve(await peer.openUrl());
    await sleep(20);
    expect(peer.opened).toBe(0);
  });

  it('ends what waits for hello, and leaves no connection', async () => {
    await using peer = await startPeer(() => {});
    const bot = receive(peer.openUrl, { timing: patient });
    await until(() => peer.connections === 1);
    await bot.stop();
    await until(() => peer.connections === 0);
    expect([bot.opens, told(bot)]).toEqual([0, []]);
  });

  it('ends a wait between two tries', async () => {
    const bot = receive(() => Promise.reject(new Error('down')), { timing: patient });
    await until(() => bot.lines.some(({ fields }) => Number(fields['delayMs']) > 0));
    await bot.stop();
    expect(told(bot)).toEqual(['warn: no socket to Slack is open']);
  });

  it('says goodbye on every socket, after the acknowledgements of all that was taken', async () => {
    const codes: number[] = [];
    await using peer = await startPeer(({ say, socket }) => {
      socket.on('close', (code: number) => codes.push(code));
      say(hello);
      for (let number = 0; number < 200; number += 1) {
        say({ envelope_id: `e${number}`, type: 'events_api', payload: { number } });
      }
    });
    const stopping: Promise<void>[] = [];
    const bot = receive(peer.openUrl, {
      sockets: 1,
      accept: ({ body }) => {
        if (body['number'] === 100) stopping.push(bot.stop());
        return undefined;
      },
    });
    await until(() => stopping.length > 0);
    await Promise.all(stopping);
    expect(bot.deliveries).toHaveLength(101);
    expect(codes).toEqual([1000]);
    // The one that stopped it came too late for its acknowledgement: Slack sends it again to whoever is next.
    expect(peer.heard).toHaveLength(100);
  });

  it('does not wait for a Slack that says nothing any more', async () => {
    const bot = await connected();
    const { slack } = bot;
    slack.sockets.freeze();
    await bot.stop();
    expect(told(bot)).toEqual([]);
    await slack.stop();
  });

  it('is the end at any moment of connecting, receiving and refreshing', async () => {
    await using slack = await startFakeSlack();
    for (let moment = 0; moment < 60; moment += 1) {
      const bot = receive(urlOf(slack), { sockets: 3, timing: { closeMs: 2_000, staggerMs: 1 } });
      if (moment >= 20) await until(() => slack.sockets.open > 0);
      const refreshed = moment < 40 ? undefined : slack.sockets.refresh({ count: 3, warningMs: 1, graceMs: 10 });
      await sleep((moment % 20) * 1.3);
      await bot.stop();
      await refreshed;
      const { opened } = slack.sockets;
      await until(() => slack.sockets.open === 0);
      expect(bot.lines.filter(({ level }) => level === 'error')).toEqual([]);
      expect(bot.source.outage?.reason ?? '').not.toBe('');
      expect(slack.sockets.opened).toBe(opened);
    }
  });

  it('before it began is the end, too', async () => {
    await using slack = await startFakeSlack();
    const bot = receive(urlOf(slack));
    await bot.stop();
    expect(bot.opens).toBe(0);
    await until(() => slack.sockets.open === 0);
  });

  it.each([
    'receiving',
    'refreshing',
    'waiting',
    'greeting',
  ])('leaves nothing that keeps the program alive: %s', async (stage) => {
    await using slack = await startFakeSlack();
    if (stage === 'greeting') slack.sockets.greet = false;
    const program = fileURLToPath(new URL('stopping.mjs', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [program, slack.apiUrl, slack.appToken, stage], {
      timeout: 15_000,
    });
    expect(stdout).toBe('stopped\n');
  });
});
