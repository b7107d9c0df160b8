import { describe, expect, it } from 'vitest';
import { createBot } from '../../src/bot/bot.ts';
import { commandSet } from '../../src/commands/set.ts';
import { type Input, InputError } from '../../src/inputs/input.ts';
import { memoryInput } from '../../src/inputs/memory/memory.ts';
import { command, runningBot } from '../support/bot.ts';
import { recordedLog } from '../support/recorded.ts';
import { until } from '../support/until.ts';

const ping = command('ping', () => 'pong');
const never = new Promise<never>(() => {});

describe('connections', () => {
  it('are made again after a loss; what was said meanwhile is answered, and other inputs never notice', async () => {
    const other = memoryInput('other');
    const log = recordedLog();
    await using bot = runningBot([ping], { inputs: [other], log });
    expect(await bot.say('ping')).toEqual(['pong']);
    bot.input.lose();
    const waiting = bot.say('ping');
    expect(await other.say('ping')).toHaveLength(1);
    expect(await waiting).toEqual(['pong']);
    expect(log.lines).toEqual(['warn: input lost, connecting again']);
    bot.input.lose(new Error('not one of ours'));
    expect(await bot.say('ping')).toEqual(['pong']);
  });

  it('answer a command that was running when the connection went', async () => {
    await using bot = runningBot([
      command('gate', () => new Promise((resolve) => setImmediate(() => resolve('open')))),
    ]);
    const asked = bot.say('gate');
    bot.input.lose();
    expect(await asked).toEqual(['open']);
  });

  it.each([
    'config',
    'refused',
  ] as const)('that cannot work (%s) are given up, and the other input lives', async (code) => {
    const log = recordedLog();
    await using bot = runningBot([ping], { inputs: [failing(code)], log });
    await until(() => log.lines.includes('error: input given up'));
    expect(await bot.say('ping')).toEqual(['pong']);
    bot.input.end();
    await expect(bot.ended).resolves.toBeUndefined();
  });

  it('end the bot when none is left that could work', async () => {
    const input = failing('refused');
    const bot = createBot({ inputs: [input], commands: () => commandSet([ping]) });
    await expect(bot.run(new AbortController().signal)).rejects.toMatchObject({ code: 'refused' });
    const mixed = runningBot([ping], { inputs: [failing('config')] });
    expect(await mixed.say('ping')).toEqual(['pong']);
    mixed.input.lose(new InputError('refused', 'token revoked'));
    await expect(mixed.ended).rejects.toThrow('token revoked');
  });
});

describe('the end', () => {
  it('comes when every input has ended and what was typed is answered', async () => {
    let open: ((answer: string) => void) | undefined;
    const gate = command('gate', () => new Promise((resolve) => (open = resolve)));
    await using bot = runningBot([gate]);
    const asked = bot.say('gate');
    bot.input.end();
    let over = false;
    void bot.ended.then(() => (over = true));
    await until(() => open);
    expect(over).toBe(false);
    open?.('open');
    expect(await asked).toEqual(['open']);
    await bot.ended;
  });

  it('gives running commands their time, and takes nothing new', async () => {
    let open: ((answer: string) => void) | undefined;
    const gate = command('gate', () => new Promise((resolve) => (open = resolve)));
    await using bot = runningBot([gate, ping]);
    const asked = bot.say('gate');
    await until(() => open);
    bot.stop();
    const late = bot.say('ping', { sender: 'late' });
    open?.('open');
    expect(await asked).toEqual(['open']);
    await bot.ended;
    expect(await late).toEqual([]);
  });

  it('does not wait for what has no end', async () => {
    const endless = command('watch', () => never, { isEndless: true, timeoutMs: 2 ** 31 - 1 });
    const log = recordedLog();
    await using bot = runningBot([endless], { graceMs: 600_000, log });
    const asked = bot.say('watch');
    bot.stop();
    expect(await asked).toEqual(['stopped: the bot is shutting down']);
    await bot.ended;
    expect(log.lines).toEqual([]);
  });

  it('tells everybody under load: each is answered or told, exactly once', async () => {
    const signals: AbortSignal[] = [];
    const hang = command('hang', ({ signal }) => {
      signals.push(signal);
      return never;
    });
    const soon = command('soon', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return 'here';
    });
    await using bot = runningBot([hang, soon], { graceMs: 20 });
    const asked = Array.from({ length: 300 }, (_, index) =>
      bot.say(index % 3 === 0 ? 'hang' : 'soon', { sender: `person ${index % 60}` }),
    );
    await until(() => signals.length >= 20);
    bot.stop();
    const answers = await Promise.all(asked);
    await bot.ended;
    const told = 'stopped: the bot is shutting down';
    expect(answers.every((each) => each.length === 1 && (each[0] === 'here' || each[0] === told))).toBe(true);
    expect(answers.filter(([each]) => each === told).length).toBeGreaterThanOrEqual(20);
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
  });

  it('does not wait for a network that takes no replies, nor for an input that does not close', async () => {
    const log = recordedLog();
    const stuck: Input = { ...memoryInput('stuck'), close: () => Promise.reject(new Error('still busy')) };
    await using bot = runningBot([ping], { graceMs: 1, log, inputs: [stuck] });
    void bot.say('ping', { onReply: () => never });
    await bot.say('ping', { sender: 'another' });
    bot.stop();
    await bot.ended;
    expect(log.lines).toEqual(['warn: left before every reply was taken', 'warn: input did not close']);
  });

  it('comes at once when it was wanted before the start', async () => {
    const bot = createBot({ inputs: [memoryInput()], commands: () => commandSet([ping]) });
    await bot.run(AbortSignal.abort());
    await expect(bot.run(AbortSignal.abort())).rejects.toThrow('this bot has run already: create another');
  });
});

/** A network that does not want us. */
const failing = (code: 'config' | 'refused'): Input => ({
  ...memoryInput(code),
  messages: () => {
    throw new InputError(code, `missing ${code}`);
  },
});
