import { describe, expect, it } from 'vitest';
import { withResolvers } from '../../src/async/queue.ts';
import { command, runningBot } from '../support/bot.ts';

const ping = command('ping', () => 'pong');

/** A command that waits until it is let go. */
function gated(): { readonly gate: ReturnType<typeof command>; readonly open: () => void } {
  const { promise, resolve } = withResolvers<string>();
  return { gate: command('gate', () => promise), open: () => resolve('open') };
}

describe('conversations', () => {
  it('are answered in the order in which they were typed', async () => {
    let turns = 0;
    const turn = command('turn', async ({ args }) => {
      // The first ones take the longest.
      for (let wait = 20 - Number(args.word(0)); wait > 0; wait -= 1)
        await new Promise((resolve) => setImmediate(resolve));
      turns += 1;
      return `${args.word(0)} was turn ${turns}`;
    });
    await using bot = runningBot([turn]);
    const asked = Array.from({ length: 20 }, (_, index) => bot.say(`turn ${index + 1}`));
    const answers = (await Promise.all(asked)).flat();
    expect(answers).toEqual(asked.map((_, index) => `${index + 1} was turn ${index + 1}`));
  });

  it('take a flood of ten thousand messages', async () => {
    await using bot = runningBot([ping, command('echo', ({ args }) => args.after(0))]);
    const flood = Array.from({ length: 10_000 }, (_, index) =>
      bot.say(`echo ${index}`, { sender: `person ${index % 200}`, room: `room ${index % 3}` }),
    );
    const noise = Array.from({ length: 10_000 }, () => bot.say('just talking', { direct: false }));
    const other = bot.say('ping', { sender: 'somebody else' });
    expect((await Promise.all(flood)).flat()).toEqual(flood.map((_, index) => String(index)));
    expect((await Promise.all(noise)).flat()).toEqual([]);
    expect(await other).toEqual(['pong']);
  });

  it('do not grow without end: who writes too fast is told once, and heard again later', async () => {
    const { gate, open } = gated();
    await using bot = runningBot([gate, ping]);
    const first = bot.say('gate');
    const flood = Array.from({ length: 10_000 }, () => bot.say('ping'));
    const told = 'too many messages: 100 of yours wait for their turn, and no more are taken until those are answered';
    expect(await flood[100]).toEqual([told]);
    expect(await Promise.all(flood.slice(101))).toEqual(flood.slice(101).map(() => []));
    open();
    expect(await first).toEqual(['open']);
    expect(await Promise.all(flood.slice(0, 100))).toEqual(flood.slice(0, 100).map(() => ['pong']));
    expect(await bot.say('ping')).toEqual(['pong']);
  });

  it('are refused with a word when too many commands run', async () => {
    const { gate, open } = gated();
    await using bot = runningBot([gate, ping], { maxRunning: 2 });
    const running = ['ann', 'bob'].map((sender) => bot.say('gate', { sender }));
    expect(await bot.say('ping', { sender: 'cid' })).toEqual([
      'too busy: 2 commands are running, try again in a moment',
    ]);
    open();
    expect(await Promise.all(running)).toEqual([['open'], ['open']]);
    expect(await bot.say('ping', { sender: 'cid' })).toEqual(['pong']);
  });

  it('come back after many others, in order', async () => {
    await using bot = runningBot([ping]);
    for (let index = 0; index < 2_500; index += 1) await bot.say('ping', { sender: `guest ${index}` });
    expect(await bot.say('ping', { sender: 'guest 1' })).toEqual(['pong']);
  });
});

describe('two bots in one process', () => {
  it('know nothing of each other', async () => {
    await using one = runningBot([command('name', () => 'one')], { name: 'one' });
    await using other = runningBot([command('name', () => 'other')], { name: 'other' });
    const group = { direct: false };
    expect(await Promise.all([one.say('one name', group), other.say('other name', group)])).toEqual([
      ['one'],
      ['other'],
    ]);
    expect(await one.say('other name', group)).toEqual([]);
    one.stop();
    await one.ended;
    expect(await other.say('name')).toEqual(['other']);
  });
});

describe('who wants a command to end', () => {
  const forever: ReturnType<typeof command> = {
    ...command('wait', () => ''),
    run: ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('ended')), { once: true });
      }),
  };

  it.each(['stop', 'micro cancel', 'STOP'])('says %s, in the conversation it runs in', async (word) => {
    await using bot = runningBot([forever, command('ping', () => 'pong')]);
    const waiting = bot.say('wait', { sender: 'ada', room: 'ops' });
    expect(await bot.say(word, { sender: 'bob', room: 'ops' })).toEqual([expect.stringContaining('unknown command')]);
    expect(await bot.say(word, { sender: 'ada', room: 'dev' })).toEqual([expect.stringContaining('unknown command')]);
    expect(await bot.say(word, { sender: 'ada', room: 'ops' })).toEqual([]);
    expect(await waiting).toEqual(['cancelled']);
    expect(await bot.say('ping', { sender: 'ada', room: 'ops' })).toEqual(['pong']);
  });

  it('can still have a command of that name', async () => {
    await using bot = runningBot([forever, command('stop', () => 'stopped the pumps')]);
    const waiting = bot.say('wait', { sender: 'ada' });
    const stopping = bot.say('stop', { sender: 'ada' });
    bot.stop();
    expect((await waiting).join()).toContain('shutting down');
    expect((await stopping).join()).toContain('shutting down');
  });
});
