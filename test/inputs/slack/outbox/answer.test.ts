import { expect, test } from 'vitest';
import { text } from '../../../../src/document/document.ts';
import { SlackError } from '../../../../src/inputs/slack/api.ts';
import { liveMarkup } from '../../../support/slack/live.ts';
import { lines, scene } from './scene.ts';

test('an answer comes in the channel, begins with a mention of who asked, and shows no previews', async () => {
  const { fake, outbox, asked } = await scene();
  const talk = outbox.talk(await asked());
  await talk.say(text('<!channel> is up & well'), 'answer');
  talk.end();
  expect(fake.posted).toHaveLength(1);
  expect(fake.posted[0]).toMatchObject({
    method: 'chat.postMessage',
    channel: fake.general,
    thread: undefined,
    text: `<@${fake.user}> &lt;!channel&gt; is up &amp; well`,
    args: { unfurl_links: 'false', unfurl_media: 'false' },
  });
  expect(JSON.stringify(fake.posted[0]?.blocks)).toContain(`{"type":"user","user_id":"${fake.user}"}`);
});

test('what is asked in a thread is answered there', async () => {
  const { fake, outbox, asked } = await scene();
  const { ts } = await asked();
  const incoming = await asked({ thread: ts });
  await outbox.talk(incoming).say(text('up'), 'answer');
  await outbox.talk(incoming).say(text('help'), 'aside');
  await outbox.talk(incoming).say(text('broken'), 'error');
  expect(fake.posted.map(({ method, thread }) => [method, thread])).toEqual([
    ['chat.postMessage', ts],
    ['chat.postEphemeral', ts],
    ['chat.postEphemeral', ts],
  ]);
});

test.each(['aside', 'error'] as const)('%s: only who asked sees it', async (kind) => {
  const { fake, outbox, asked } = await scene();
  await outbox.talk(await asked()).say(text('no such service'), kind);
  expect(fake.posted).toHaveLength(1);
  expect(fake.posted[0]).toMatchObject({ method: 'chat.postEphemeral', to: fake.user, text: 'no such service' });
});

test.each(['answer', 'aside', 'error'] as const)('%s in a direct conversation is a plain message', async (kind) => {
  const { fake, outbox, asked } = await scene();
  await outbox.talk(await asked({ channel: fake.direct, direct: true })).say(text('hello'), kind);
  expect(fake.posted).toHaveLength(1);
  expect(fake.posted[0]).toMatchObject({ method: 'chat.postMessage', channel: fake.direct, text: 'hello' });
});

test('who is not in the channel, as Slack sees it, gets the aside as a message', async () => {
  const { fake, outbox, asked } = await scene();
  const guest = fake.addUser();
  await outbox.talk(await asked({ user: guest })).say(text('no such service'), 'error');
  expect(fake.calls('chat.postEphemeral').map(({ outcome }) => outcome)).toEqual(['user_not_in_channel']);
  expect(fake.posted[0]).toMatchObject({ method: 'chat.postMessage', text: `<@${guest}> no such service` });
});

test('a long answer comes in several messages, in order and complete', async () => {
  const { fake, outbox, asked } = await scene();
  const rows = Array.from({ length: 400 }, (_, row) => `row ${row} ${'x'.repeat(40)}`);
  await outbox.talk(await asked()).say(lines(...rows), 'answer');
  expect(fake.posted.length).toBeGreaterThan(1);
  const shown = fake.posted.map(({ blocks }) => JSON.stringify(blocks)).join('');
  const found = [...shown.matchAll(/row (\d+) /g)].map(([, row]) => Number(row));
  expect(found).toEqual(rows.map((_, row) => row));
});

test('answers of one conversation come in the order they were said in', async () => {
  const { fake, outbox, asked } = await scene();
  fake.trouble('chat.postMessage', { kind: 'slow', ms: 100 }, 1);
  const talks = await Promise.all(['one', 'two', 'three', 'four'].map(async (word) => ({ word, on: await asked() })));
  await Promise.all(talks.map(({ word, on }) => outbox.talk(on).say(text(word), 'answer')));
  expect(fake.posted.map((each) => each.text.split(' ')[1])).toEqual(['one', 'two', 'three', 'four']);
});

test('a slow channel holds up no other one', async () => {
  const { fake, outbox, asked } = await scene();
  const other = fake.addChannel();
  fake.trouble('chat.postMessage', { kind: 'ratelimited', retryAfterS: 1 }, 1);
  const slow = outbox.talk(await asked()).say(text('slow'), 'answer');
  await outbox.talk(await asked({ channel: other })).say(text('quick'), 'answer');
  expect(fake.channel(other).at(-1)?.text).toContain('quick');
  await slow;
  expect(fake.posted).toHaveLength(2);
});

test('blocks that Slack does not take are said in short', async () => {
  const { fake, outbox, asked, logged } = await scene();
  fake.trouble('chat.postMessage', { kind: 'error', error: 'msg_blocks_too_long' }, 1);
  await outbox.talk(await asked()).say(text('1 < 2 &amp; https://evil.example'), 'answer');
  expect(fake.posted).toHaveLength(1);
  expect(fake.posted[0]).toMatchObject({
    text: `<@${fake.user}> 1 &lt; 2 &amp;amp; https://evil.example`,
    blocks: [{ type: 'section', text: { type: 'plain_text', text: '1 < 2 &amp; https://evil.example' } }],
  });
  expect(logged()).toContain('warn Slack does not take these blocks');
});

test.each([
  'channel',
  'thread',
  'slash',
])('nothing that a service says is alive, whichever way it goes: %s', async (way) => {
  const { fake, outbox, asked, typed } = await scene({ outbox: { reactAfterMs: 600_000 } });
  const evil = text(
    `<!channel> <@${fake.home.botUser}> <https://evil.example|https://bank.example> \`\`\` @here :bomb: www.evil.example`,
  );
  const incoming = way === 'slash' ? await typed() : await asked();
  const talk = outbox.talk(way === 'thread' ? { ...incoming, thread: incoming.ts } : incoming);
  await talk.say(evil, 'progress');
  await talk.say(evil, 'answer');
  await outbox.talk(incoming).say(evil, 'answer');
  await outbox.talk(incoming).say(evil, 'error');
  fake.trouble('chat.postMessage', { kind: 'error', error: 'invalid_blocks' }, 1);
  await outbox.talk({ ...incoming, responseUrl: undefined }).say(evil, 'answer');
  expect(fake.posted.length).toBeGreaterThanOrEqual(5);
  for (const { text, blocks, args, method } of fake.posted) {
    // What one person sees alone is never taken apart for previews.
    const quiet = method === 'chat.postEphemeral' ? { ...args, unfurl_links: false, unfurl_media: false } : args;
    expect(liveMarkup({ text, blocks, args: quiet }, { users: [fake.user] })).toEqual([]);
  }
});

test('a message that may have arrived is not sent again, and its fate is told', async () => {
  const { fake, outbox, asked } = await scene();
  fake.trouble('chat.postMessage', { kind: 'cut after' }, 1);
  const said = outbox.talk(await asked()).say(text('up'), 'answer');
  await expect(said).rejects.toBeInstanceOf(SlackError);
  await expect(said).rejects.toMatchObject({ code: 'unavailable' });
  expect(fake.posted).toHaveLength(1);
});

test('a refusal reaches who said it', async () => {
  const { fake, outbox, asked } = await scene();
  const secret = fake.addChannel({ bot: false });
  const said = outbox.talk(await asked({ channel: secret })).say(text('up'), 'answer');
  await expect(said).rejects.toMatchObject({ code: 'refused', reason: 'not_in_channel' });
  await expect(said).rejects.toBeInstanceOf(SlackError);
});
