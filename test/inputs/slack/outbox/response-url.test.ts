import { expect, test } from 'vitest';
import { text } from '../../../../src/document/document.ts';
import { createHooks } from '../../../../src/inputs/slack/outbox/hooks.ts';
import { silent } from '../../../../src/log/log.ts';
import { scene } from './scene.ts';

test('a slash command is answered by its response URL, for all to see', async () => {
  const { fake, outbox, typed } = await scene();
  await outbox.talk(await typed()).say(text('up'), 'answer');
  expect(fake.posted).toHaveLength(1);
  expect(fake.posted[0]).toMatchObject({
    method: 'response_url',
    to: undefined,
    text: `<@${fake.user}> up`,
    args: { response_type: 'in_channel', replace_original: false, unfurl_links: false, unfurl_media: false },
  });
});

test.each(['aside', 'error'] as const)('%s to a slash command is for who typed it', async (kind) => {
  const { fake, outbox, typed } = await scene();
  await outbox.talk(await typed()).say(text('no such service'), kind);
  expect(fake.posted).toHaveLength(1);
  expect(fake.posted[0]).toMatchObject({ method: 'response_url', to: fake.user, text: 'no such service' });
});

test('it works where the bot is no member', async () => {
  const { fake, outbox, typed } = await scene();
  const secret = fake.addChannel({ kind: 'group', bot: false });
  await outbox.talk(await typed({ channel: secret })).say(text('up'), 'answer');
  expect(fake.channel(secret).at(-1)).toMatchObject({ text: `<@${fake.user}> up`, to: undefined });
});

test('there, the first progress is shown to who typed, and all of it with the answer', async () => {
  const { fake, outbox, typed } = await scene();
  const secret = fake.addChannel({ kind: 'group', bot: false });
  const talk = outbox.talk(await typed({ channel: secret }));
  await talk.say(text('building'), 'progress');
  await talk.say(text('pushing'), 'progress');
  await talk.say(text('deployed'), 'answer');
  const [first, second, ...more] = fake.channel(secret);
  expect(first).toMatchObject({ to: fake.user });
  expect(JSON.stringify(first?.blocks)).toContain('building');
  expect(second).toMatchObject({ to: undefined });
  expect(JSON.stringify(second?.blocks)).toMatch(/building.*pushing.*deployed/);
  expect(more).toEqual([]);
});

test('where it is a member, progress is a message that changes', async () => {
  const { fake, outbox, typed } = await scene();
  const talk = outbox.talk(await typed());
  await talk.say(text('building'), 'progress');
  await talk.say(text('deployed'), 'answer');
  expect(fake.posted.map(({ method }) => method)).toEqual(['chat.postMessage', 'chat.update']);
});

test('after five answers the bot speaks for itself', async () => {
  const { fake, outbox, typed } = await scene();
  const talk = outbox.talk(await typed());
  for (const word of ['1', '2', '3', '4', '5', '6']) await talk.say(text(word), 'answer');
  expect(fake.posted.map(({ method }) => method)).toEqual([
    ...Array.from({ length: 5 }, () => 'response_url'),
    'chat.postMessage',
  ]);
  expect(fake.calls('response_url').every(({ outcome }) => outcome === 'ok')).toBe(true);
});

test('and also when the URL is not valid any more', async () => {
  const { fake, outbox, typed } = await scene();
  const incoming = await typed();
  fake.trouble('response_url', { kind: 'error', error: 'expired_url' });
  const talk = outbox.talk(incoming);
  await talk.say(text('up'), 'answer');
  await talk.say(text('still up'), 'answer');
  expect(fake.posted.map(({ method }) => method)).toEqual(['chat.postMessage', 'chat.postMessage']);
  expect(fake.calls('response_url')).toHaveLength(1);
});

test('an answer that may have arrived is not given again another way', async () => {
  const { fake, outbox, typed } = await scene();
  const incoming = await typed();
  fake.trouble('response_url', { kind: 'cut after' }, 1);
  const said = outbox.talk(incoming).say(text('up'), 'answer');
  await expect(said).rejects.toMatchObject({ name: 'SlackError', code: 'unavailable' });
  expect(fake.posted).toHaveLength(1);
});

test('who is asked too often is asked again when it says so, once', async () => {
  const { fake, outbox, typed } = await scene();
  const incoming = await typed();
  fake.trouble('response_url', { kind: 'ratelimited', retryAfterS: 1 }, 1);
  await outbox.talk(incoming).say(text('up'), 'answer');
  expect(fake.posted).toHaveLength(1);
});

test('no other address is asked than one of Slack', async () => {
  const { fake, outbox, asked, logged } = await scene();
  const responseUrl = `http://127.0.0.1:9/${fake.home.token}`;
  await outbox.talk(await asked({ responseUrl })).say(text('up'), 'answer');
  expect(fake.posted.map(({ method }) => method)).toEqual(['chat.postMessage']);
  expect(logged()).toContain('not at Slack');
  expect(logged()).not.toContain(fake.home.token);
});

test('a response URL is in no line of the log and in no error', async () => {
  const { fake, outbox, typed, logged } = await scene();
  const incoming = await typed();
  const secret = String(incoming.responseUrl?.split('/').at(-1));
  for (const error of ['expired_url', 'invalid_blocks', 'internal_error']) {
    fake.trouble('response_url', { kind: 'error', error }, 1);
    const said = outbox.talk(incoming).say(text('up'), 'answer');
    await said.catch((thrown: unknown) => expect(String(thrown)).not.toContain(secret));
  }
  expect(logged()).toContain('response URL');
  expect(logged()).not.toContain(secret);
});

const addresses: readonly (readonly [string, boolean])[] = [
  ['https://hooks.slack.com/commands/T1/1/x', true],
  ['https://hooks.slack-gov.com/actions/T1/1/x', true],
  ['https://files.slack.com/upload/v1/x', true],
  ['https://slack.com/x', true],
  ['http://127.0.0.1:4000/respond/x', true],
  ['http://hooks.slack.com/commands/T1', false],
  ['https://hooks.slack.com:8443/x', false],
  ['https://hooks.slack.com@evil.example/x', false],
  ['https://user@hooks.slack.com/x', false],
  ['https://hooks.slack.com.evil.example/x', false],
  ['https://evilslack.com/x', false],
  ['https://slack.com.evil.example', false],
  ['https://evil.example/?https://hooks.slack.com', false],
  ['https://evil.example#hooks.slack.com', false],
  ['https://evil.example\\@hooks.slack.com', false],
  ['https://ѕlack.com/x', false],
  ['https://169.254.169.254/latest', false],
  ['http://127.0.0.1:4001/x', false],
  ['file:///etc/passwd', false],
  ['//hooks.slack.com/x', false],
  ['hooks.slack.com', false],
  ['', false],
];

test.each(addresses)('%s is an address of Slack: %s', (url, expected) => {
  const hooks = createHooks({ apiUrl: 'http://127.0.0.1:4000/api/', log: silent });
  expect(hooks.isSlack(url)).toBe(expected);
});
