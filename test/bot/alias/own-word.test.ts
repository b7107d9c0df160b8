import { expect, it } from 'vitest';
import { type TestBot, testBot } from '../../../src/testing/bot.ts';
import { command } from '../../support/bot.ts';

const house = (): Promise<TestBot> =>
  testBot({
    access: `
people:
  ann: [test:ann]
  cat: [test:cat]
roles:
  release: [ann, cat]
rules:
  - {command: ship, roles: [release], approvals: 1}
break_glass:
  people: [ann]
  roles: [release]
  for: 30m
  announce: [test ops]
`,
    commands: [command('ship', () => 'shipped'), command('echo', ({ args }) => args.after(0), { effect: 'read' })],
  });

const ops = (as: string): { readonly as: string; readonly in: string } => ({ as, in: '#ops' });

it.each([
  ['approve CODE', 'lights'],
  ['approve CODE', '--plan lights'],
  ['approve CODE', 'lights | count'],
  ['approve $1', 'lights CODE'],
  ['"approve" CODE', 'LIGHTS'],
  ['deny CODE', 'lights'],
  ['no CODE', 'lights'],
])('nobody gives their word by a name that somebody else made: %s, %s', async (line, said) => {
  await using bot = await house();
  const { text } = await bot.say('ship billing', ops('cat'));
  const code = /\w{4}-\w{2}/.exec(text)?.[0] ?? '';
  expect((await bot.say(`alias --room lights ${line.replace('CODE', code)}`, ops('cat'))).outcome).toBe('done');
  const answer = await bot.say(said.replace('CODE', code), ops('ann'));
  expect(answer).toMatchObject({ outcome: 'failed', text: expect.stringContaining('alias of this room, made by cat') });
  expect(answer.text).toContain('has to be said in your own words');
  // It waits as before.
  expect((await bot.say('approvals', ops('ann'))).text).toContain(code);
  expect((await bot.say(`approve ${code}`, ops('ann'))).text).toContain('runs now');
});

it('their own name for it says it, also where others have made other names', async () => {
  await using bot = await house();
  await bot.say('alias --room lights echo fine', ops('cat'));
  await bot.say('alias ok approve', { as: 'ann' });
  await bot.say('alias good ok', { as: 'ann' });
  const code = /\w{4}-\w{2}/.exec((await bot.say('ship billing', ops('cat'))).text)?.[0] ?? '';
  expect((await bot.say('lights', ops('ann'))).text).toContain('fine');
  expect((await bot.say(`good ${code}`, ops('ann'))).text).toContain('runs now');
});

it('nobody breaks the glass by a name that somebody else made', async () => {
  await using bot = await house();
  await bot.say('alias --room lights break-glass it is all on fire', ops('cat'));
  expect((await bot.say('lights', ops('ann'))).text).toContain('Nothing was done');
  expect((await bot.say('whoami', { as: 'ann' })).text).not.toContain('mergency');
});

it('what changes something does not run by a name that somebody else made before its person has seen what that is', async () => {
  let wiped = 0;
  await using bot = await testBot({
    access:
      'people: {ann: [test:ann], cat: [test:cat]}\nroles: {admin: [ann]}\nrules: [{command: wipe, roles: [admin]}]\n',
    commands: [command('wipe', () => `wiped ${(wiped += 1)}`), command('look', () => 'seen', { effect: 'read' })],
  });
  await bot.say('alias --room lights wipe all', ops('cat'));
  await bot.say('alias --room stars look up', ops('cat'));
  expect((await bot.say('lights', ops('cat'))).outcome).toBe('denied');
  expect((await bot.say('stars', ops('ann'))).text).toContain('seen');
  const first = await bot.say('lights', ops('ann'));
  expect(first.text).toBe(
    'lights is an alias of this room, made by cat: wipe all (told once)\nNothing was run, as it changes something: say it again if that is what you want.',
  );
  expect([first.outcome, wiped]).toEqual(['failed', 0]);
  expect((await bot.say('lights', ops('ann'))).text).toBe('wiped 1');
  await bot.say('alias --room lights wipe everything', ops('cat'));
  expect((await bot.say('lights', ops('ann'))).text).toContain('Nothing was run');
  expect(wiped).toBe(1);
});
