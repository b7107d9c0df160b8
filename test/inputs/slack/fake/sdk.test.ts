import type { App } from '@slack/bolt';
import { describe, expect, test } from 'vitest';
import { until } from '../../../support/until.ts';
import type { FakeSlack } from '../../../support/slack/fake.ts';
import { httpApp, slack, socketApp } from './apps.ts';

type Start = (fake: FakeSlack, prepare: (app: App) => void) => Promise<unknown>;

const ways: readonly (readonly [string, Start])[] = [
  ['in Socket Mode', socketApp],
  ['over HTTP', httpApp],
];

describe.each(ways)('Bolt %s', (_way, start) => {
  test('hears a mention, as mention and as message, and answers', async () => {
    const fake = await slack();
    const heard: string[] = [];
    await start(fake, (app) => {
      app.event('app_mention', async ({ event, say }) => {
        heard.push(`mention ${event.text}`);
        await say({ text: 'at your service', thread_ts: event.ts });
      });
      app.message(/status/, async ({ message }) => {
        heard.push(`message ${message.channel_type}`);
      });
    });
    const said = await fake.mention({ typed: 'status <b>' });
    expect(said).toMatchObject({ acknowledged: true, attempts: 1 });
    await until(() => fake.channel().length === 2);
    expect(fake.channel()[1]).toMatchObject({ text: 'at your service', thread: said.ts, byBot: true });
    expect(heard.toSorted((a, b) => a.localeCompare(b))).toEqual([
      `mention <@${fake.home.botUser}> status &lt;b&gt;`,
      'message channel',
    ]);
  });

  test('is not woken by what it says itself', async () => {
    const fake = await slack();
    let heard = 0;
    await start(fake, (app) => {
      app.message(async ({ say }) => {
        heard += 1;
        await say('echo');
      });
    });
    await fake.say({ typed: 'one' });
    await until(() => fake.posted.length === 1);
    await fake.say({ typed: 'two', channel: fake.direct });
    await until(() => fake.posted.length === 2);
    expect(heard).toBe(2);
    expect(fake.channel(fake.direct).map(({ text }) => text)).toEqual(['two', 'echo']);
  });

  test('answers a slash command by its acknowledgement and by respond', async () => {
    const fake = await slack();
    await start(fake, (app) => {
      app.command('/micro', async ({ ack, command, respond }) => {
        await ack({ text: `one moment: ${command.text}` });
        await respond({ text: 'done', response_type: 'in_channel' });
      });
    });
    const outcome = await fake.slash({ command: '/micro', text: 'list "a b"' });
    expect(outcome).toMatchObject({ acknowledged: true, payload: { text: 'one moment: list "a b"' } });
    await until(() => fake.posted.length === 2);
    const shown = fake.posted.map(({ text, to }) => [text, to] as const);
    expect(new Map(shown)).toEqual(
      new Map([
        ['done', undefined],
        ['one moment: list "a b"', fake.user],
      ]),
    );
  });

  test('takes a button and replaces its message', async () => {
    const fake = await slack();
    await start(fake, (app) => {
      app.message('go', async ({ say }) => {
        await say({ text: 'going', blocks: [{ type: 'actions', elements: [button] }] });
      });
      app.action('stop', async ({ ack, respond, payload }) => {
        await ack();
        await respond({ text: `stopped ${'value' in payload ? payload.value : ''}`, replace_original: true });
      });
    });
    await fake.say({ typed: 'go' });
    const going = await until(() => fake.channel()[1]);
    expect(await fake.press(going, 'stop')).toMatchObject({ acknowledged: true });
    await until(() => fake.channel()[1]?.text === 'stopped v1');
    expect(fake.channel()[1]).toMatchObject({ ts: going.ts, edited: true });
  });

  test('opens a modal by a shortcut, refuses what is wrong in it and takes the rest', async () => {
    const fake = await slack();
    await start(fake, (app) => {
      app.shortcut('micro:run', async ({ ack, client, shortcut }) => {
        await ack();
        await client.views.open({ trigger_id: shortcut.trigger_id, view: modal });
      });
      app.view('micro:run', async ({ ack, view }) => {
        const line = view.state.values['line']?.['input']?.value ?? '';
        if (line === '') await ack({ response_action: 'errors', errors: { line: 'What shall be run?' } });
        else await ack();
      });
    });
    await fake.shortcut('micro:run');
    await until(() => fake.calls('views.open').at(-1)?.outcome === 'ok');
    const view = fake.viewOf(fake.user);
    if (view === undefined) throw new Error('no modal');
    const empty = await fake.submit(view, { line: { input: { type: 'plain_text_input', value: '' } } });
    expect(empty.payload).toMatchObject({ response_action: 'errors' });
    expect(fake.view(view.id)).toBeDefined();
    const full = await fake.submit(view, { line: { input: { type: 'plain_text_input', value: 'help' } } });
    expect(full).toMatchObject({ acknowledged: true, payload: undefined });
    expect(fake.view(view.id)).toBeUndefined();
  });

  test('shows its home', async () => {
    const fake = await slack();
    await start(fake, (app) => {
      app.event('app_home_opened', async ({ client, event }) => {
        const text = { type: 'plain_text' as const, text: 'Home' };
        await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [{ type: 'header', text }] } });
      });
    });
    await fake.openHome();
    await until(() => fake.homeOf());
    expect(fake.homeOf()).toMatchObject({ blocks: [{ type: 'header', text: { text: 'Home' } }] });
  });
});

const button = {
  type: 'button' as const,
  action_id: 'stop',
  value: 'v1',
  text: { type: 'plain_text' as const, text: 'Stop' },
};

const modal = {
  type: 'modal' as const,
  callback_id: 'micro:run',
  title: { type: 'plain_text' as const, text: 'Run' },
  submit: { type: 'plain_text' as const, text: 'Run' },
  blocks: [
    {
      type: 'input' as const,
      block_id: 'line',
      optional: true,
      label: { type: 'plain_text' as const, text: 'Command' },
      element: { type: 'plain_text_input' as const, action_id: 'input' },
    },
  ],
};

test('Bolt over HTTP answers the challenge, and is asked again when it fails', async () => {
  const fake = await slack({ retryAfterMs: [0, 0, 0] });
  let asked = 0;
  await httpApp(fake, (app) => {
    app.use(async ({ next }) => {
      asked += 1;
      if (asked === 1) throw new Error('not now');
      await next();
    });
  });
  expect(await fake.verifyUrl()).toBe(true);
  expect(await fake.say({ typed: 'hello' })).toMatchObject({ acknowledged: true });
});

test('Bolt over HTTP refuses a wrong signature', async () => {
  const fake = await slack({ retryAfterMs: [] });
  const { url } = await httpApp(fake, () => {});
  fake.http({ url, signingSecret: 'another' });
  expect(await fake.verifyUrl()).toBe(false);
  expect(await fake.say({ typed: 'hello' })).toMatchObject({ acknowledged: false, attempts: 1 });
});
