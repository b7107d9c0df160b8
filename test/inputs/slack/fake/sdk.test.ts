import { App, LogLevel } from '@slack/bolt';
import { expect, onTestFinished, test } from 'vitest';
import { type FakeSlack, startFakeSlack } from '../../../support/slack/fake.ts';

async function slack(): Promise<FakeSlack> {
  const fake = await startFakeSlack();
  onTestFinished(() => fake.stop());
  return fake;
}

async function socketApp(fake: FakeSlack, prepare: (app: App) => void): Promise<App> {
  const app = new App({
    token: fake.home.token,
    appToken: fake.appToken,
    socketMode: true,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: fake.apiUrl },
  });
  prepare(app);
  await app.start();
  onTestFinished(async () => {
    await app.stop();
  });
  return app;
}

test('Bolt in Socket Mode hears a mention, as mention and as message, and answers', async () => {
  const fake = await slack();
  const heard: string[] = [];
  await socketApp(fake, (app) => {
    app.event('app_mention', async ({ event, say }) => {
      heard.push(`mention ${event.text}`);
      await say('at your service');
    });
    app.message(/status/, async ({ message }) => {
      heard.push(`message ${message.channel_type}`);
    });
  });
  const outcome = await fake.mention({ typed: 'status <b>' });
  expect(outcome).toMatchObject({ acknowledged: true, attempts: 1 });
  await expect.poll(() => fake.channel().at(-1)?.text).toBe('at your service');
  expect(heard.toSorted()).toEqual([`mention <@${fake.home.botUser}> status &lt;b&gt;`, 'message channel']);
});

test('Bolt in Socket Mode answers a slash command by its acknowledgement and by respond', async () => {
  const fake = await slack();
  await socketApp(fake, (app) => {
    app.command('/micro', async ({ ack, command, respond }) => {
      await ack({ text: `one moment: ${command.text}` });
      await respond({ text: 'done', response_type: 'in_channel' });
    });
  });
  const outcome = await fake.slash({ command: '/micro', text: 'list' });
  expect(outcome).toMatchObject({ acknowledged: true, payload: { text: 'one moment: list' } });
  await expect.poll(() => fake.posted.length).toBe(2);
  expect(fake.posted.map(({ text, to }) => [text, to]).toSorted(([a = ''], [b = '']) => a.localeCompare(b))).toEqual([
    ['done', undefined],
    ['one moment: list', fake.user],
  ]);
});
