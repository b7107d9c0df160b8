import { expect, test } from 'vitest';
import type { FakeSlack } from '../../../support/slack/fake.ts';
import { client, slack, socketClient } from './apps.ts';

const respond = async (url: string | undefined, args: Readonly<Record<string, unknown>>): Promise<unknown> => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url ?? '', { method: 'POST', headers, body: JSON.stringify(args) });
  const body = await answer.text();
  return body === 'ok' ? body : { status: answer.status, ...(JSON.parse(body) as object) };
};

const asked = async (fake: FakeSlack, channel?: string): Promise<string | undefined> => {
  await socketClient(fake);
  return (await fake.slash({ command: '/micro', ...(channel === undefined ? {} : { channel }) })).responseUrl;
};

test('a response URL is good for five answers', async () => {
  const fake = await slack();
  const url = await asked(fake);
  for (const text of ['1', '2', '3', '4', '5']) expect(await respond(url, { text })).toBe('ok');
  expect(await respond(url, { text: '6' })).toEqual({ status: 404, ok: false, error: 'used_url' });
  expect(fake.posted.map(({ text, to }) => `${text}${to === fake.user}`)).toEqual(
    ['1', '2', '3', '4', '5'].map((text) => `${text}true`),
  );
});

test('a response URL is good for half an hour', async () => {
  let at = 1_000_000;
  const fake = await slack({ now: () => at });
  const url = await asked(fake);
  at += 30 * 60_000;
  expect(await respond(url, { text: 'just in time' })).toBe('ok');
  at += 1;
  expect(await respond(url, { text: 'late' })).toEqual({ status: 404, ok: false, error: 'expired_url' });
});

test('a response URL answers where the bot is no member, and one that nobody gave answers nowhere', async () => {
  const fake = await slack();
  const url = await asked(fake, fake.addChannel({ id: 'COTHER', bot: false }));
  expect(await respond(url, { text: 'here', response_type: 'in_channel' })).toBe('ok');
  expect(fake.channel('COTHER')).toMatchObject([{ text: 'here', to: undefined }]);
  expect(await respond(`${url}x`, { text: 'x' })).toMatchObject({ status: 404, ok: false });
  expect(await respond(url, {})).toMatchObject({ ok: false, error: 'no_text' });
  expect(await respond(url, { text: 'x', blocks: [{ type: 'poem' }] })).toMatchObject({ error: 'invalid_blocks' });
});

test("an answer to a button replaces or removes the button's message", async () => {
  const fake = await slack();
  await socketClient(fake);
  const text = { type: 'plain_text' as const, text: 'Stop' };
  const blocks = [{ type: 'actions' as const, elements: [{ type: 'button' as const, action_id: 'stop', text }] }];
  await client(fake).chat.postEphemeral({ channel: fake.general, user: fake.user, text: 'going', blocks });
  const [going] = fake.channel();
  if (going === undefined) throw new Error('nothing was posted');
  const { responseUrl } = await fake.press(going, 'stop');
  expect(await respond(responseUrl, { text: 'stopping', replace_original: true })).toBe('ok');
  expect(fake.channel()).toMatchObject([{ text: 'stopping', ts: going.ts, to: fake.user }]);
  expect(await respond(responseUrl, { delete_original: true })).toBe('ok');
  expect(fake.channel()).toEqual([]);
  expect(() => fake.press(going, 'go')).toThrow('nothing to press');
});

const view = { type: 'modal' as const, title: { type: 'plain_text' as const, text: 'Run' }, blocks: [] };

test('a trigger opens one modal within three seconds', async () => {
  let at = 1_000_000;
  const fake = await slack({ now: () => at });
  await socketClient(fake);
  const open = (trigger_id: string): Promise<unknown> => client(fake).views.open({ trigger_id, view });
  const first = await fake.shortcut('run');
  await open(first.triggerId);
  await expect(open(first.triggerId)).rejects.toThrow('exchanged_trigger_id');
  const second = await fake.shortcut('run');
  at += 3_001;
  await expect(open(second.triggerId)).rejects.toThrow('expired_trigger_id');
});

test('a view is updated by who knows its latest state', async () => {
  const fake = await slack();
  await socketClient(fake);
  const web = client(fake);
  const { view: opened } = await web.views.open({ trigger_id: (await fake.shortcut('run')).triggerId, view });
  const about = { view_id: opened?.id ?? '', hash: opened?.hash ?? '' };
  await web.views.update({ ...about, view: { ...view, title: { type: 'plain_text', text: 'Again' } } });
  await expect(web.views.update({ ...about, view })).rejects.toThrow('hash_conflict');
  await expect(web.views.update({ view_id: 'V404', view })).rejects.toThrow('not_found');
  expect(fake.viewOf()?.view).toMatchObject({ title: { text: 'Again' } });
});
