import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { AsyncQueue, withResolvers } from '../../src/async/queue.ts';
import type { Document } from '../../src/document/document.ts';
import { renderTerminal } from '../../src/document/terminal.ts';
import type { Input, Message } from '../../src/inputs/input.ts';
import { command, runningBot } from '../support/bot.ts';
import { until } from '../support/until.ts';

/** A room of a network that sends some messages again. */
function room(keep: () => Promise<void>) {
  const queue = new AsyncQueue<Message>();
  const kept: string[] = [];
  const told: string[] = [];
  let settled = 0;
  const input: Input = { name: 'room', messages: () => queue, async close() {} };
  const say = (text: string, user = 'ann'): void =>
    queue.push({
      id: `${user} ${text}`,
      text,
      sender: { id: user, name: user },
      room: { id: 'ops', name: 'ops' },
      direct: false,
      addressed: false,
      keep: () => {
        kept.push(text);
        return keep();
      },
      reply: async (document: Document) => void told.push(renderTerminal(document)),
      settled: () => void (settled += 1),
    });
  return { input, say, kept, told, settledCount: () => settled };
}

test('of what 500 people say to each other nothing is kept, of what they say to the bot each is, once', async () => {
  const { input, say, kept, told, settledCount } = room(async () => {});
  const bot = runningBot([command('echo', ({ args }) => args.after(0))], { inputs: [input] });
  onTestFinished(() => bot[Symbol.asyncDispose]());
  for (let count = 0; count < 500; count += 1) say(`and then I said ${count}`, `u${count}`);
  say('micro echo hello');
  await until(() => settledCount() === 501);
  expect([kept, told]).toEqual([['micro echo hello'], ['hello']]);
});

test('nothing runs before its copy would be known', async () => {
  const { promise, resolve } = withResolvers<void>();
  const { input, say, kept, told } = room(() => promise);
  const ran: string[] = [];
  const echo = command('echo', ({ args }) => {
    ran.push(args.after(0));
    return args.after(0);
  });
  const bot = runningBot([echo], { inputs: [input] });
  onTestFinished(() => bot[Symbol.asyncDispose]());
  say('micro echo one');
  say('micro echo two');
  await until(() => kept.length === 2);
  expect(ran).toEqual([]);
  resolve();
  await until(() => told.length === 2);
  expect(ran).toEqual(['one', 'two']);
});

test('what is still being kept when the bot goes is told to its person, and does not run', async () => {
  const { promise, resolve } = withResolvers<void>();
  const { input, say, kept, told } = room(() => promise);
  const ran: string[] = [];
  const bot = runningBot([command('echo', () => String(ran.push('echo')))], { inputs: [input] });
  onTestFinished(() => bot[Symbol.asyncDispose]());
  say('micro echo one');
  await until(() => kept.length === 1);
  bot.stop();
  await turn();
  resolve();
  await bot.ended;
  expect([ran, told]).toEqual([[], [expect.stringContaining('stop')]]);
});

test('an input that cannot keep a message is told, and the message is answered', async () => {
  const { input, say, told } = room(() => Promise.reject(new Error('no room')));
  const bot = runningBot([command('echo', ({ args }) => args.after(0))], { inputs: [input] });
  onTestFinished(() => bot[Symbol.asyncDispose]());
  say('micro echo hello');
  await until(() => told.length === 1);
  expect(told).toEqual(['hello']);
});
