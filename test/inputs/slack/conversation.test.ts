import { expect, test } from 'vitest';
import type { Command } from '../../../src/commands/command.ts';
import { text } from '../../../src/document/document.ts';
import type { Shown } from '../../support/slack/world.ts';
import { until } from '../../support/until.ts';
import { scene } from './scene.ts';

const seen = (messages: readonly Shown[]): readonly string[] =>
  messages.filter(({ byBot }) => byBot).map(({ blocks }) => JSON.stringify(blocks));

test.each([
  ['a mention', '', 'general'],
  ['the name', 'micro ', 'general'],
  ['the name with a mark', '@micro: ', 'general'],
  ['a direct message', '', 'direct'],
] as const)('a command by %s is answered once', async (how, before, where) => {
  const { fake, ran } = await scene();
  const said = { typed: `${before}echo hello`, channel: fake[where] };
  await (how === 'a mention' ? fake.mention(said) : fake.say(said));
  await until(() => seen(fake.channel(fake[where])).some((blocks) => blocks.includes('hello')));
  expect(ran).toEqual(['hello']);
  expect(seen(fake.channel(fake[where]))).toHaveLength(1);
});

test('talk of others is no business of ours', async () => {
  const { fake, ran } = await scene();
  await fake.say({ typed: 'microscope echo hello' });
  await fake.say({ typed: 'we should ask micro echo hello' });
  await fake.say({ typed: 'micro echo the end' });
  await until(() => ran.length > 0);
  expect(ran).toEqual(['the end']);
});

test('who asks in a thread is answered there', async () => {
  const { fake } = await scene();
  const { ts } = await fake.say({ typed: 'something broke' });
  await fake.mention({ typed: 'echo hello', threadTs: ts });
  const [answer] = await until(() => {
    const found = fake.channel().filter(({ byBot }) => byBot);
    return found.length > 0 && found;
  });
  expect(answer?.thread).toBe(ts);
});

test('an unknown command is told to its person alone, with a button for what may have been meant', async () => {
  const { fake, ran } = await scene();
  await fake.mention({ typed: 'ehco hello' });
  const answer = await until(() => fake.channel().find(({ byBot }) => byBot));
  expect(answer).toMatchObject({ to: fake.user });
  const blocks = JSON.stringify(answer.blocks);
  expect(blocks).toContain('did you mean');
  const [, actionId = ''] = /"action_id":"(micro:run:[^"]*)"/.exec(blocks) ?? [];
  await fake.press(answer, actionId);
  await until(() => ran.length > 0);
  expect(ran).toEqual(['']);
});

test("the bot's own slash command, and one of a service, are answered where the bot is no member", async () => {
  const { fake } = await scene();
  const channel = fake.addChannel({ bot: false });
  for (const [command, words] of [
    ['/micro', 'echo one'],
    ['/echo', 'two'],
  ] as const) {
    const { acknowledged } = await fake.slash({ command, text: words, channel });
    expect(acknowledged).toBe(true);
    await until(() => seen(fake.channel(channel)).some((blocks) => blocks.includes(words.split(' ').at(-1) ?? '')));
  }
});

test.each([
  ['shortcut', 'micro:run', ''],
  ["message's shortcut", 'micro:run-message', 'echo from a form'],
])('a %s opens a form, and what is written there runs', async (_what, shortcut, line) => {
  const { fake, ran } = await scene();
  const { ts } = await fake.say({ typed: line });
  const message = fake.channel().find((shown) => shown.ts === ts);
  await fake.shortcut(shortcut, line === '' || message === undefined ? {} : { message });
  const form = await until(() => fake.viewOf());
  expect(JSON.stringify(form.view)).toContain(line);
  expect(ran).toEqual([]);
  const value = { type: 'plain_text_input', value: 'echo from a form' };
  await fake.submit(form, { 'micro:line': { 'micro:line': value } });
  await until(() => ran.length > 0);
  expect(ran).toEqual(['from a form']);
});

test('the home tab shows what the bot was given for it', async () => {
  const { fake } = await scene({ input: () => ({ home: async () => text('all is <well>') }) });
  await fake.openHome();
  await until(() => JSON.stringify(fake.homeOf() ?? '').includes('all is <well>'));
});

const endless: Command = {
  name: 'watch',
  usage: 'watch',
  description: 'Goes on for ever',
  source: { kind: 'builtin' },
  isEndless: true,
  timeoutMs: 60_000,
  async *run({ signal }) {
    for (let step = 1; !signal.aborted; step += 1) {
      yield text(`step ${step}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  },
};

test('what reports is one message that changes, and its Stop button is for who asked', async () => {
  const { fake } = await scene({ commands: [endless] });
  await fake.mention({ typed: 'watch' });
  const shown = await until(() => fake.channel().find(({ byBot }) => byBot));
  const other = fake.addUser();
  await fake.press(shown, 'micro:stop', other);
  await until(() => fake.channel().find(({ byBot, edited }) => byBot && edited));
  await fake.press(shown, 'micro:stop');
  await until(() => seen(fake.channel()).some((blocks) => blocks.includes('cancelled')));
  expect(seen(fake.channel())).toHaveLength(1);
});

test('copies and pairs of events run a command once', async () => {
  const { fake, ran } = await scene();
  await until(() => fake.sockets.open === 2);
  fake.deliver({ copies: 4, sockets: 2, shuffle: true });
  const channels = Array.from({ length: 8 }, () => fake.addChannel());
  const said = channels.flatMap((channel, index) =>
    [0, 1, 2].map((turn) => fake.mention({ channel, typed: `echo ${index} ${turn}` })),
  );
  await Promise.all(said);
  await until(() => channels.every((channel) => fake.channel(channel).filter(({ byBot }) => byBot).length === 3));
  expect(new Set(ran).size).toBe(24);
  expect(ran).toHaveLength(24);
});
