import { WebClient, WebClientEvent } from '@slack/web-api';
import { expect, test } from 'vitest';
import { client, post, quiet, slack } from './apps.ts';

test('a message is posted, edited, answered in its thread and deleted', async () => {
  const fake = await slack();
  const web = client(fake);
  const { ts = '' } = await post(web, { channel: fake.general, text: 'one' });
  await post(web, { channel: fake.general, text: 'two', thread_ts: ts });
  await web.chat.update({ channel: fake.general, ts, text: 'three' });
  await web.chat.postEphemeral({ channel: fake.general, user: fake.user, text: 'for you' });
  expect(fake.channel().map(({ text, thread, to, edited }) => ({ text, thread, to, edited }))).toEqual([
    { text: 'three', thread: undefined, to: undefined, edited: true },
    { text: 'two', thread: ts, to: undefined, edited: false },
    { text: 'for you', thread: undefined, to: fake.user, edited: false },
  ]);
  await web.chat.delete({ channel: fake.general, ts });
  expect(fake.channel()).toHaveLength(2);
  expect(fake.posted.map(({ method }) => method)).toEqual([
    'chat.postMessage',
    'chat.postMessage',
    'chat.update',
    'chat.postEphemeral',
  ]);
});

test('a channel is found by id and name, a person by id in a direct conversation', async () => {
  const fake = await slack();
  const web = client(fake);
  await post(web, { channel: '#general', text: 'by name' });
  await post(web, { channel: fake.user, text: 'to you' });
  expect(fake.channel().map(({ text }) => text)).toEqual(['by name']);
  expect(fake.channel(fake.direct).map(({ text }) => text)).toEqual(['to you']);
  const { channel } = await web.conversations.open({ users: fake.user });
  expect(channel?.id).toBe(fake.direct);
  const group = await web.conversations.open({ users: `${fake.user},${fake.addUser()}` });
  await post(web, { channel: group.channel?.id ?? '', text: 'to all of you' });
});

const refusals: readonly (readonly [error: string, what: string, method: string, args: Record<string, unknown>])[] = [
  ['channel_not_found', 'an unknown channel', 'chat.postMessage', { channel: 'C404', text: 'x' }],
  ['channel_not_found', 'a private channel without the bot', 'chat.postMessage', { channel: 'GPRIVATE', text: 'x' }],
  ['not_in_channel', 'a channel without the bot', 'chat.postMessage', { channel: 'COTHER', text: 'x' }],
  ['no_text', 'nothing to say', 'chat.postMessage', { channel: 'CHOME' }],
  ['no_text', 'white space', 'chat.postMessage', { channel: 'CHOME', text: ' \n' }],
  ['invalid_blocks_format', 'blocks that are none', 'chat.postMessage', { channel: 'CHOME', blocks: '[{' }],
  ['invalid_blocks', 'an unknown block', 'chat.postMessage', { channel: 'CHOME', blocks: [{ type: 'poem' }] }],
  ['thread_not_found', 'a thread that is none', 'chat.postMessage', { channel: 'CHOME', text: 'x', thread_ts: '1.1' }],
  ['invalid_arguments', 'an unknown argument', 'chat.postMessage', { channel: 'CHOME', text: 'x', colour: 'red' }],
  ['invalid_arguments', 'a missing argument', 'chat.postMessage', { text: 'x' }],
  ['user_not_in_channel', 'a stranger', 'chat.postEphemeral', { channel: 'CHOME', user: 'U404', text: 'x' }],
  ['message_not_found', 'a message that is none', 'chat.update', { channel: 'CHOME', ts: '1.1', text: 'x' }],
  ['message_not_found', 'a message that is none', 'reactions.add', { channel: 'CHOME', timestamp: '1.1', name: 'x' }],
  ['user_not_found', 'an unknown person', 'users.info', { user: 'U404' }],
  ['unknown_method', 'a method that is none', 'chat.shout', {}],
  [
    'exchanged_trigger_id',
    'a trigger that is none',
    'views.open',
    { trigger_id: '1', view: '{"type":"modal","title":{"type":"plain_text","text":"x"},"blocks":[]}' },
  ],
  ['not_allowed_token_type', "the bot's token for a socket", 'apps.connections.open', {}],
  ['invalid_refresh_token', 'a refresh token that is none', 'tooling.tokens.rotate', { refresh_token: 'xoxe-1' }],
];

test.each(refusals)('%s: %s for %s', async (error, _what, method, args) => {
  const fake = await slack();
  fake.addChannel({ id: 'CHOME' });
  fake.addChannel({ id: 'COTHER', bot: false });
  fake.addChannel({ id: 'GPRIVATE', kind: 'group', bot: false });
  await expect(client(fake).apiCall(method, args)).rejects.toMatchObject({ data: { ok: false, error } });
  expect(fake.calls(method).at(-1)?.outcome).toBe(error);
  expect(fake.posted).toEqual([]);
});

test("another's message is not edited, and a long text neither", async () => {
  const fake = await slack();
  const web = client(fake);
  const said = fake.wrote({ typed: 'mine' });
  const call = (args: { ts: string; text: string }): Promise<unknown> =>
    web.chat.update({ channel: fake.general, ...args });
  await expect(call({ ts: said.ts, text: 'yours' })).rejects.toMatchObject({ data: { error: 'cant_update_message' } });
  const { ts = '' } = await post(web, { channel: fake.general, text: 'é'.repeat(40_001) });
  expect(fake.channel().at(-1)?.text).toHaveLength(40_000);
  await call({ ts, text: 'x'.repeat(4_000) });
  await expect(call({ ts, text: 'x'.repeat(4_001) })).rejects.toMatchObject({ data: { error: 'msg_too_long' } });
});

test('a missing scope is named', async () => {
  const fake = await slack();
  const restore = fake.withoutScope('chat:write');
  const posting = (): Promise<unknown> => post(client(fake), { channel: fake.general, text: 'x' });
  await expect(posting()).rejects.toMatchObject({ data: { error: 'missing_scope', needed: 'chat:write' } });
  restore();
  await posting();
});

test('a token belongs to one workspace', async () => {
  const fake = await slack();
  const other = fake.addWorkspace({ team: 'T2', enterprise: 'E1' });
  const there = fake.addChannel({ team: 'T2', name: 'there' });
  const web = client(fake, {}, other.token);
  expect(await web.auth.test()).toMatchObject({ team_id: 'T2', user_id: other.botUser, enterprise_id: 'E1' });
  await post(web, { channel: there, text: 'here I am' });
  await expect(post(client(fake), { channel: there, text: 'x' })).rejects.toMatchObject({
    data: { error: 'channel_not_found' },
  });
  await expect(client(fake, {}, 'xoxb-wrong').auth.test()).rejects.toMatchObject({ data: { error: 'invalid_auth' } });
  await expect(client(fake, {}, '').auth.test()).rejects.toMatchObject({ data: { error: 'not_authed' } });
  await expect(client(fake, {}, fake.appToken).auth.test()).rejects.toMatchObject({
    data: { error: 'not_allowed_token_type' },
  });
  expect(fake.channel(there, 'T2')[0]).toMatchObject({ team: 'T2', user: other.botUser });
});

test('JSON and forms say the same; what is neither is refused', async () => {
  const fake = await slack();
  const send = async (type: string, body: string): Promise<unknown> => {
    const headers = { 'content-type': type, authorization: `Bearer ${fake.home.token}` };
    return (await fetch(`${fake.apiUrl}chat.postMessage`, { method: 'POST', headers, body })).json();
  };
  const blocks = [{ type: 'divider' }];
  const form = new URLSearchParams({ channel: fake.general, blocks: JSON.stringify(blocks) }).toString();
  expect(await send('application/x-www-form-urlencoded', form)).toMatchObject({ ok: true });
  expect(await send('application/json', JSON.stringify({ channel: fake.general, blocks }))).toMatchObject({ ok: true });
  expect(fake.posted.map((posted) => posted.blocks)).toEqual([blocks, blocks]);
  expect(await send('application/json', '{')).toMatchObject({ ok: false, error: 'invalid_json' });
  expect(await send('application/json', '[]')).toMatchObject({ ok: false, error: 'json_not_object' });
  expect(await send('text/plain', 'x')).toMatchObject({ ok: false, error: 'invalid_post_type' });
});

test('a file goes up in three steps and is shown', async () => {
  const fake = await slack();
  const { ts } = fake.wrote({ typed: 'show me' });
  await client(fake).filesUploadV2({
    channel_id: fake.general,
    thread_ts: ts,
    filename: 'answer.txt',
    title: 'The answer',
    content: 'naïve\n',
  });
  expect(fake.channel().at(-1)).toMatchObject({
    thread: ts,
    files: [{ name: 'answer.txt', title: 'The answer', content: 'naïve\n' }],
  });
});

test('a reaction comes once and goes once', async () => {
  const fake = await slack();
  const web = client(fake);
  const { ts: timestamp } = fake.wrote({ typed: 'react' });
  const about = { channel: fake.general, timestamp, name: 'eyes' };
  await web.reactions.add(about);
  expect(fake.channel()[0]?.reactions).toEqual([{ name: 'eyes', users: [fake.home.botUser] }]);
  await expect(web.reactions.add(about)).rejects.toMatchObject({ data: { error: 'already_reacted' } });
  await web.reactions.remove(about);
  expect(fake.channel()[0]?.reactions).toEqual([]);
  await expect(web.reactions.remove(about)).rejects.toMatchObject({ data: { error: 'no_reaction' } });
});

test('people and channels are told about', async () => {
  const fake = await slack();
  const web = client(fake);
  expect((await web.users.info({ user: fake.user })).user).toMatchObject({ name: 'ann', is_bot: false });
  expect((await web.conversations.info({ channel: fake.general })).channel).toMatchObject({ name: 'general' });
  fake.withoutScope('im:read');
  await expect(web.conversations.info({ channel: fake.direct })).rejects.toMatchObject({ data: { needed: 'im:read' } });
});

test('a channel takes one message a second after a burst; the SDK waits and tries again', async () => {
  let at = 0;
  const fake = await slack({ now: () => at, burst: 2 });
  const web = client(fake, { rejectRateLimitedCalls: true });
  const posting = (channel: string): Promise<unknown> => post(web, { channel, text: 'x' });
  await posting(fake.general);
  await posting(fake.general);
  await expect(posting(fake.general)).rejects.toMatchObject({ retryAfter: 1 });
  await posting(fake.direct);
  at += 1_000;
  await posting(fake.general);
  expect(fake.posted).toHaveLength(4);
  const waiting = new WebClient(fake.home.token, { slackApiUrl: fake.apiUrl, logger: quiet });
  const limited = new Promise((resolve) => {
    waiting.once(WebClientEvent.RATE_LIMITED, (seconds: number) => {
      at += 1_000;
      resolve(seconds);
    });
  });
  await post(waiting, { channel: fake.general, text: 'later' });
  expect(await limited).toBe(1);
});
