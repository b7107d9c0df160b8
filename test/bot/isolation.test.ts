import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/commands/command.ts';
import { type Document, text } from '../../src/document/document.ts';
import { command, runningBot } from '../support/bot.ts';
import { recordedLog } from '../support/recorded.ts';
import { until } from '../support/until.ts';

const ping = command('ping', () => 'pong');
const never = new Promise<never>(() => {});
const throwing = (what: unknown): never => {
  throw what;
};

/** A command of plain JavaScript, which need not keep to the types. */
const lawless = (name: string, run: () => unknown): Command => ({
  ...ping,
  name,
  run: run as () => Promise<Document>,
});

describe('a command that fails', () => {
  it.each([
    ['throws at once', () => throwing(new Error('boom')), 'error executing cmd: boom'],
    ['rejects', () => Promise.reject(new TypeError('bad')), 'error executing cmd: bad'],
    ['throws text', () => throwing('just text'), 'error executing cmd: just text'],
    ['throws nothing', () => throwing(undefined), 'error executing cmd: undefined'],
    ['has no words', () => throwing(new Error('')), 'error executing cmd: it failed and did not say why'],
    [
      'rejects with what cannot be text',
      () => Promise.reject(Object.create(null)),
      'error executing cmd: it failed and did not say why',
    ],
    [
      'has words that cannot be text',
      () => Promise.reject(Object.assign(new Error('x'), { message: Object.create(null) })),
      'error executing cmd: it failed and did not say why',
    ],
    ['gives nothing', () => undefined, 'error executing cmd: the command answered with something that is no document'],
    [
      'gives no document',
      async () => 'pong',
      'error executing cmd: the command answered with something that is no document',
    ],
  ])('%s: its person is told, and the bot goes on', async (_, run, sentence) => {
    await using bot = runningBot([ping, lawless('bad', run)]);
    const replies = await bot.input.say('bad');
    expect(replies).toEqual([{ document: text(sentence), kind: 'error' }]);
    expect(await bot.say('ping')).toEqual(['pong']);
  });

  it('in the middle of its progress keeps what was said', async () => {
    const half: Command = {
      ...ping,
      name: 'half',
      async *run() {
        yield text('building');
        throw new Error('no space left');
      },
    };
    await using bot = runningBot([half]);
    expect(await bot.say('half')).toEqual(['building', 'error executing cmd: no space left']);
  });
});

describe('a command that hangs', () => {
  it('delays nobody else, and not its person in another room', async () => {
    await using bot = runningBot([ping, lawless('hang', () => never)], { graceMs: 10 });
    const hanging = bot.say('hang', { sender: 'ann' });
    const behind = bot.say('ping', { sender: 'ann' });
    expect(await bot.say('ping', { sender: 'bob' })).toEqual(['pong']);
    expect(await bot.say('ping', { sender: 'ann', room: 'other' })).toEqual(['pong']);
    bot.stop();
    expect(await Promise.all([hanging, behind])).toEqual([
      ['stopped: the bot is shutting down'],
      ['stopped: the bot is shutting down'],
    ]);
  });

  it('is given up at its deadline; what it says later is dropped and logged', async () => {
    let late: ((document: Document) => void) | undefined;
    let signal: AbortSignal | undefined;
    const slow: Command = {
      ...ping,
      name: 'slow',
      run: (invocation) => {
        signal = invocation.signal;
        return new Promise((resolve) => {
          late = resolve;
        });
      },
    };
    const log = recordedLog();
    await using bot = runningBot([ping, slow], { timeoutMs: 20, log });
    expect(await bot.say('slow')).toEqual(['error executing cmd: timed out after 20ms']);
    expect(signal?.reason).toMatchObject({ name: 'TimeoutError' });
    late?.(text('here I am'));
    await until(() => log.lines.includes('info: a late answer was dropped'));
    expect(await bot.say('ping')).toEqual(['pong']);
  });

  it('has the time that it asks for itself', async () => {
    const own = { ...lawless('own', () => never), timeoutMs: 1 };
    await using bot = runningBot([own]);
    expect(await bot.say('own')).toEqual(['error executing cmd: timed out after 1ms']);
  });

  it('between two documents is ended as well, and asked for no more', async () => {
    let asked = 0;
    const endless: Command = {
      ...ping,
      name: 'endless',
      async *run() {
        for (;;) {
          asked += 1;
          yield text(`step ${asked}`);
          await new Promise((resolve) => setImmediate(resolve));
        }
      },
    };
    await using bot = runningBot([endless], { timeoutMs: 20 });
    const shown = await bot.say('endless');
    expect(shown.at(-1)).toBe('error executing cmd: timed out after 20ms');
    const stopped = asked;
    await bot.say('nothing');
    expect(asked).toBeLessThanOrEqual(stopped + 1);
  });
});

describe('a network that does not take replies', () => {
  it('is logged, and the conversation goes on', async () => {
    const log = recordedLog();
    await using bot = runningBot([ping], { log });
    await bot.say('ping', { onReply: () => Promise.reject(new Error('channel is gone')) });
    expect(log.lines).toEqual(['warn: a reply was not delivered']);
    expect(await bot.say('ping')).toEqual(['pong']);
  });
});
