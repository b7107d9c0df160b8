import { describe, expect, it } from 'vitest';
import { noPlan } from '../../../src/commands/plan.ts';
import { testBot } from '../../../src/testing/bot.ts';
import { command } from '../../support/bot.ts';

const login = command('login', ({ args }) => `as ${args.word(0) ?? ''}`, {
  plan: ({ args }) => ({ ...noPlan, secrets: args.words.slice(1, 2) }),
});
const ann = { as: 'ann', in: '#ops' };
const mallory = { as: 'mallory', in: '#ops' };

describe('an alias of somebody whose word is secret', () => {
  it.each([
    ['login', 'signin ann hunter22'],
    ['login $1', 'signin ann hunter22'],
    ['login $1 $2', 'signin ann hunter22'],
    ['login $1 $2 --for $3', 'signin ann hunter22'],
    ['login ann', '`signin` hunter22'],
    ['echo hi', 'login ann ${1:-hunter22}'],
  ])('%s is kept with no secret: %s', async (line, quick) => {
    await using bot = await testBot({ commands: [login, command('echo', ({ args }) => args.after(0))] });
    expect((await bot.say(`alias --room signin ${line}`, ann)).text).toContain('signin is');
    expect(await bot.say(`alias --room quick ${quick}`, ann)).toMatchObject({ outcome: 'failed' });
    expect((await bot.say('aliases', ann)).text).not.toContain('hunter22');
    expect((await bot.say('history', ann)).text).not.toContain('hunter22');
    expect(JSON.stringify(await bot.audit())).not.toContain('hunter22');
  });
});

it.each([
  'who can',
  'can i',
  'every 5m',
  'watch',
  'alias quick',
])('a line with words that its alias does not take is kept nowhere: %s', async (start) => {
  await using bot = await testBot({ commands: [login] });
  await bot.say('alias signin login ann $1', ann);
  expect((await bot.say(`${start} signin hunter22 more`, ann)).text).toContain('signin takes no more than one word');
  expect((await bot.say('history', ann)).text).not.toContain('hunter22');
  expect(JSON.stringify(await bot.audit())).not.toContain('hunter22');
});

describe('what runs later', () => {
  it('means what it meant when it was made, whatever somebody else makes of its names', async () => {
    const ran: string[] = [];
    const wipe = command('wipe', ({ caller }) => {
      ran.push(caller.user);
      return 'wiped';
    });
    await using bot = await testBot({
      commands: [command('echo', ({ args }) => args.after(0)), wipe],
      now: '2026-11-20T09:00:00Z',
    });
    await bot.say('alias --room safe echo fine', mallory);
    await bot.say('alias mine safe', ann);
    expect((await bot.say('every 5m mine', ann)).text).toContain('every 5m: echo fine');
    expect((await bot.say('watch safe every 5m', ann)).text).toContain('fine');
    for (const name of ['safe', 'mine']) await bot.say(`alias --room ${name} wipe`, mallory);
    await bot.say('unalias mine', ann);
    await bot.pass(11 * 60_000);
    expect((await bot.heard('#ops')).text).toContain('fine');
    expect(ran).toEqual([]);
  });

  it.each([
    'every 5m ours',
    'every 5m `every` 5m echo a',
    "every 5m 'in' 5m echo a",
    'watch `watch` echo a',
  ])('makes nothing more that runs later: %s', async (line) => {
    await using bot = await testBot({ commands: [command('echo', ({ args }) => args.after(0))] });
    await bot.say('alias ours every 5m echo a', ann);
    expect((await bot.say(line, ann)).text).toContain('cannot itself be something that is run later');
  });
});
