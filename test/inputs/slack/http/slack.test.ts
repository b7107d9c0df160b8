import { describe, expect, it } from 'vitest';
import { createOnce } from '../../../../src/async/once.ts';
import { isWanted } from '../../../../src/inputs/slack/wanted.ts';
import { startFakeSlack } from '../../../support/slack/fake.ts';
import { listening } from './listening.ts';
import { exchange, form, newSecret, signed } from './wire.ts';

describe('Slack over HTTP', () => {
  it('finds the address to be ours, and is heard by events, a slash command, a shortcut and the home tab', async () => {
    await using slack = await startFakeSlack();
    const signingSecret = newSecret();
    await using bot = await listening({ signingSecrets: [signingSecret], now: Date.now }, ({ kind }) =>
      kind === 'slash_commands' ? { text: 'at once' } : undefined,
    );
    slack.http({ url: bot.url, signingSecret });
    expect(await slack.verifyUrl()).toBe(true);
    expect(bot.taken).toEqual([]);

    const mention = await slack.mention({ text: 'list services' });
    expect(mention.outcomes.map(({ acknowledged }) => acknowledged)).toEqual([true, true]);
    const slash = await slack.slash({ command: '/micro', text: 'list & "more"' });
    expect(slash).toMatchObject({ acknowledged: true, payload: { text: 'at once' }, attempts: 1 });
    expect((await slack.shortcut('micro')).acknowledged).toBe(true);
    expect((await slack.openHome()).acknowledged).toBe(true);

    expect(bot.taken.map(({ kind }) => kind)).toEqual([
      'events_api',
      'events_api',
      'slash_commands',
      'interactive',
      'events_api',
    ]);
    expect(bot.taken[2]?.body).toMatchObject({ command: '/micro', text: 'list & "more"', user_id: slack.user });
    const names = { name: 'micro', users: new Set([slack.home.botUser]) };
    for (const { kind, body } of bot.taken) if (kind === 'events_api') expect(isWanted(body, names)).toBe(true);
    expect(bot.told).toEqual([]);
  });

  it('tries again what was not taken, and the two events of a mention are one thing', async () => {
    await using slack = await startFakeSlack({ retryAfterMs: [0, 0] });
    const signingSecret = newSecret();
    const once = createOnce();
    const run: unknown[] = [];
    let calls = 0;
    await using bot = await listening({ signingSecrets: [signingSecret] }, ({ body }) => {
      calls += 1;
      const { event, event_id: id } = body as {
        readonly event: { readonly channel: string; readonly ts: string };
        readonly event_id: string;
      };
      if (once.take([`event:${id}`, `message:${event.channel}:${event.ts}`])) run.push(id);
      return undefined;
    });
    slack.http({ url: bot.url, signingSecret });
    // Its clock stands still: to the bot all this is long over.
    expect(await slack.mention({ text: 'early' })).toMatchObject({ acknowledged: false, attempts: 3 });
    expect(calls).toBe(0);
    bot.pass(Date.now() - bot.timestamp * 1000);
    expect(await slack.mention({ text: 'list services' })).toMatchObject({ acknowledged: true });
    expect(calls).toBe(2);
    expect(run).toHaveLength(1);
  });

  it('is not who signs with the secret of another app', async () => {
    await using slack = await startFakeSlack();
    await using bot = await listening({ now: Date.now });
    slack.http({ url: bot.url, signingSecret: newSecret() });
    expect(await slack.verifyUrl()).toBe(false);
    expect((await slack.slash({ command: '/micro', text: 'stop billing' })).acknowledged).toBe(false);
    expect(bot.taken).toEqual([]);
    const now = Math.floor(Date.now() / 1000);
    const own = signed('command=%2Fmicro', { secret: bot.secret, timestamp: now, type: form });
    expect((await exchange(bot.url, own)).status).toBe(200);
  });
});
