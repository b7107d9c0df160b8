import { describe, expect, it } from 'vitest';
import { command, runningBot } from '../support/bot.ts';

const ping = command('ping', () => 'pong');
const echo = command('echo', ({ args }) => args.after(0));
const group = { direct: false };

describe('whom a message is for', () => {
  it.each([
    'micro ping',
    'Micro ping',
    'MICRO: ping',
    'micro, ping',
    '@micro ping',
    '@Micro: ping',
    '  micro   ping',
    'micro\u00a0ping',
    'micro\nping',
    '/ping',
    'micro /ping',
  ])('%j in a room is for the bot', async (typed) => {
    await using bot = runningBot([ping]);
    expect(await bot.say(typed, group)).toEqual(['pong']);
  });

  it.each([
    'ping',
    'microscope ping',
    'micro-service ping',
    'micro:8080 is down',
    'say micro ping',
    '@microbe ping',
    '/etc/hosts is broken',
    '/pong',
    '/ ping',
    '//ping',
    'what is "that',
  ])('%j in a room is talk', async (typed) => {
    await using bot = runningBot([ping]);
    expect(await bot.say(typed, group)).toEqual([]);
  });

  it.each([
    'ping',
    'micro ping',
    '@micro: ping',
    '/ping',
    'PING',
  ])('%j is for the bot where it is alone', async (typed) => {
    await using bot = runningBot([ping]);
    expect(await bot.say(typed)).toEqual(['pong']);
  });

  it('takes the word of a network that says it is meant', async () => {
    await using bot = runningBot([ping]);
    expect(await bot.say('ping', { direct: false, addressed: true })).toEqual(['pong']);
  });

  it('tells who only calls its name where to go on, and leaves an empty line alone', async () => {
    await using bot = runningBot([ping]);
    const hint = ['Say "help" to see what I can do.'];
    expect(await bot.say('micro', group)).toEqual(hint);
    expect(await bot.say('@micro:', group)).toEqual(hint);
    expect(await bot.say('', { direct: false, addressed: true })).toEqual(hint);
    expect(await bot.say('   ')).toEqual([]);
  });

  it('listens to the name it was given, whatever its letters', async () => {
    await using bot = runningBot([echo], { name: 'c3.po (dev)' });
    expect(await bot.say('C3.PO (DEV): echo a', group)).toEqual(['a']);
    expect(await bot.say('c3xpo (dev) echo a', group)).toEqual([]);
    expect(await bot.say('micro echo a', group)).toEqual([]);
    await using dashed = runningBot([echo], { name: 'micro-bot/2' });
    expect(await dashed.say('@Micro-Bot/2, echo a', group)).toEqual(['a']);
  });
});
