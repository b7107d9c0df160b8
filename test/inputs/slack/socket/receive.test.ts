import { describe, expect, it } from 'vitest';
import type { InputError } from '../../../../src/inputs/input.ts';
import { startFakeSlack } from '../../../support/slack/fake.ts';
import { until } from '../../../support/until.ts';
import { startPeer } from './peer.ts';
import { connected, receive, told, urlOf } from './receiving.ts';

const errorOf = (running: Promise<void>): Promise<InputError | undefined> =>
  running.then(
    () => undefined,
    (error: unknown) => error as InputError,
  );

describe('Socket Mode', () => {
  it('takes events, slash commands and interactions, and acknowledges each of them', async () => {
    await using bot = await connected();
    const { slack } = bot;
    const said = await slack.say({ text: 'micro list services' });
    const commanded = await slack.slash({ command: '/micro', text: 'list services' });
    const pressed = await slack.shortcut('catalogue');
    expect([said, commanded, pressed].map(({ acknowledged, attempts }) => [acknowledged, attempts])).toEqual([
      [true, 1],
      [true, 1],
      [true, 1],
    ]);
    expect(bot.deliveries.map(({ kind }) => kind)).toEqual(['events_api', 'slash_commands', 'interactive']);
    expect(bot.deliveries.map(({ body }) => body['command'])).toContain('/micro');
    expect(slack.sockets.strays).toEqual([]);
  });

  it('sends an answer along with the acknowledgement where Slack takes one', async () => {
    const answer = { response_type: 'ephemeral', text: 'working on it' };
    await using bot = await connected({}, { accept: () => answer });
    expect((await bot.slack.slash({ command: '/micro' })).payload).toEqual(answer);
    const told = await bot.slack.event({ type: 'app_home_opened' });
    expect([told.acknowledged, told.payload]).toEqual([true, undefined]);
  });

  it.each([1, 2, 5])('keeps %i sockets open', async (sockets) => {
    await using bot = await connected({}, { sockets });
    expect(bot.opens).toBe(1);
    expect(bot.source.outage).toBeUndefined();
    await until(() => bot.slack.sockets.open === sockets);
    expect(bot.slack.sockets.opened).toBe(sockets);
    expect(told(bot)).toEqual([]);
  });

  it('does not acknowledge what could not be taken, so that Slack sends it again', async () => {
    let tries = 0;
    const accept = (): undefined => {
      tries += 1;
      if (tries === 1) throw new Error('out of order');
    };
    await using bot = await connected({ ackWithinMs: 100, retryAfterMs: [0] }, { accept });
    const said = await bot.slack.event({ type: 'app_home_opened', user: 'U1' });
    expect([said.acknowledged, said.attempts]).toEqual([true, 2]);
    expect(told(bot)).toEqual(['error: what Slack sent could not be taken']);
  });

  it.each([
    ['no app token', { appToken: 'xoxb-1-2' }, 'begins with xapp-'],
    ['no socket', { sockets: 0 }, '1 to 5'],
    ['too many sockets', { sockets: 6 }, '1 to 5'],
    ['half a socket', { sockets: 1.5 }, '1 to 5'],
  ])('does not start with %s', async (_, options, words) => {
    await using bot = receive(() => Promise.reject(new Error('asked')), options);
    const error = await errorOf(bot.running);
    expect(error?.code).toBe('config');
    expect(error?.message).toContain(words);
    expect(error?.message).not.toContain('xoxb-1-2');
    expect(bot.source.outage?.reason).toBe('not started');
  });

  it('ends when Slack refuses the credentials before the first hello', async () => {
    await using slack = await startFakeSlack();
    slack.trouble('apps.connections.open', { kind: 'error', error: 'invalid_auth' });
    await using bot = receive(urlOf(slack));
    const error = await errorOf(bot.running);
    expect(error?.code).toBe('refused');
    expect(error?.message).toContain('invalid_auth');
    expect(bot.opens).toBe(0);
    expect(bot.source.outage?.reason).toContain('invalid_auth');
  });

  it('ends when Socket Mode is switched off before the first hello', async () => {
    await using peer = await startPeer(({ say }) => say({ type: 'disconnect', reason: 'link_disabled' }));
    await using bot = receive(peer.openUrl);
    const error = await errorOf(bot.running);
    expect(error?.code).toBe('refused');
    expect(error?.message).toContain('Socket Mode is switched off');
    expect(peer.connections).toBe(0);
  });

  it('goes on trying where the address leads to no socket', async () => {
    await using slack = await startFakeSlack();
    let stale = '';
    await using bot = receive(async (signal) => {
      const url = await urlOf(slack)(signal);
      stale ||= url.replace(/ticket=[^&]+/, 'ticket=canary');
      return slack.calls('apps.connections.open').length < 3 ? stale : url;
    });
    await until(() => slack.sockets.open === 2 && bot.source.outage === undefined);
    expect(told(bot)).toEqual(['warn: no socket to Slack is open', 'info: a socket to Slack is open again']);
    expect(bot.lines.find(({ level }) => level === 'warn')?.fields['reason']).toBe('Slack answered 403');
  });

  it.each([
    ['503', { kind: 'status', status: 503 }, '503'],
    ['a limit', { kind: 'ratelimited', retryAfterS: 1 }, '429'],
    ['garbage', { kind: 'garbage', body: '<html>' }, 'no address'],
    ['an answer without an address', { kind: 'garbage', body: '{"ok":true}' }, 'no address'],
    ['an address that is none', { kind: 'garbage', body: '{"ok":true,"url":"ws://?ticket=canary"}' }, 'no address'],
    ['a page instead of a socket', { kind: 'garbage', body: '{"ok":true,"url":"ws://127.0.0.1:1/"}' }, 'ECONNREFUSED'],
    ['a broken connection', { kind: 'cut' }, 'no address'],
  ] as const)('starts while Slack answers %s, and goes on trying', async (_, trouble, words) => {
    await using slack = await startFakeSlack();
    const end = slack.trouble('apps.connections.open', trouble);
    await using bot = receive(urlOf(slack));
    await until(() => bot.source.outage?.reason.includes(words));
    await until(() => bot.lines.filter(({ level }) => level === 'debug').length > 3);
    expect([bot.opens, told(bot)]).toEqual([0, ['warn: no socket to Slack is open']]);
    end();
    await until(() => slack.sockets.open === 2 && bot.source.outage === undefined);
    expect(bot.source.outage).toBeUndefined();
    expect(told(bot)).toEqual(['warn: no socket to Slack is open', 'info: a socket to Slack is open again']);
    expect(bot.opens).toBe(1);
  });
});
