import { expect, it } from 'vitest';
import { CommandError } from '../../src/commands/command.ts';
import { noPlan } from '../../src/commands/plan.ts';
import { type TestBot, testBot } from '../../src/testing/bot.ts';
import { command } from '../support/bot.ts';

const access = `
people:
  ann: [test:ann]
  ben: [test:ben]
roles:
  admin: [ann]
  release: [ann, ben]
rules:
  - {command: ship, roles: [release], approvals: 1}
`;

const house = (): Promise<TestBot> =>
  testBot({
    access,
    commands: [command('ship', () => 'shipped'), command('look', () => 'looked', { effect: 'read' })],
  });

it.each([
  'unschedule s1',
  'cancel s1',
  'resume s1',
])('a schedule that was made in private is not shown in a room: %s', async (line) => {
  await using bot = await house();
  await bot.say('every 1h look secretly', { as: 'ben' });
  await bot.say('pause s1', { as: 'ann', in: '#ops' });
  expect(await bot.say(line, { as: 'ann', in: '#ops' })).toMatchObject({
    outcome: 'done',
    text: expect.stringContaining('every 1h: (hidden)'),
  });
});

it('a schedule that somebody else ended is shown in full to its person, and where they are alone', async () => {
  await using bot = await house();
  await bot.say('every 1h look secretly', { as: 'ben' });
  await bot.say('every 1h look again', { as: 'ben' });
  expect((await bot.say('unschedule s2', { as: 'ben' })).text).toContain('look again');
  await bot.say('unschedule s1', { as: 'ann', in: '#ops' });
  expect((await bot.heard('ben')).text).toContain('look secretly (by ann)');
});

it.each([
  'approve',
  'deny',
  'no',
  'approvals',
])('what waits since it was asked for in private is not shown in a room: %s', async (line) => {
  await using bot = await house();
  expect((await bot.say('ship secretly', { as: 'ben' })).outcome).toBe('waits');
  const here = await bot.say(line, { as: 'ann', in: '#ops' });
  expect(here.text).toContain('(in private)');
  expect(here.text).not.toContain('secretly');
  expect((await bot.say(line, { as: 'ann' })).text).toContain('ship secretly');
  await bot.say('ship openly', { as: 'ben', in: '#ops' });
  expect((await bot.say(line, { as: 'ann', in: '#ops' })).text).toContain('ship openly');
});

it('of what was asked for in another room others learn what ran, and not with which words', async () => {
  await using bot = await house();
  await bot.say('look behind the curtain', { as: 'ben', in: '#board' });
  for (const line of ['history --all', 'history person=ben', 'job 1']) {
    const { text } = await bot.say(line, { as: 'cid', in: '#ops' });
    expect(text).toContain('look');
    expect(text).not.toContain('curtain');
  }
  for (const who of [{ as: 'cid', in: '#board' }, { as: 'ann', in: '#ops' }, { as: 'ben' }]) {
    expect((await bot.say('history --all', who)).text).toContain('curtain');
  }
});

// A network calls all of them the same whom it does not tell apart.
const stranger = { as: 'anonymous', isKnown: false };

it('what a stranger asked for in private is shown to no other, and not run again by them', async () => {
  await using bot = await house();
  expect((await bot.say('look secretly', stranger)).outcome).toBe('done');
  for (const line of ['history', 'history --all', 'history person=test:anonymous', 'job 1', 'rerun 1', 'rerun']) {
    expect((await bot.say(line, stranger)).text).not.toContain('look');
  }
  await bot.say('look openly', { ...stranger, in: '#ops' });
  expect((await bot.say('rerun', { ...stranger, in: '#ops' })).text).toBe('looked');
  expect((await bot.say('history', { ...stranger, in: '#ops' })).text).toContain('look openly');
});

it('a stranger is asked for nothing that another could answer', async () => {
  const find = command('find', ({ args }) => `found ${args.after(0)}`, {
    effect: 'read',
    plan: ({ args }) => {
      if (args.words.length > 0) return noPlan;
      const missing = { name: 'what', expected: 'text', isSecret: false, description: '' };
      throw new CommandError('usage', 'what is missing', { missing });
    },
  });
  await using bot = await testBot({ commands: [find] });
  expect((await bot.say('find', { in: '#ops' })).text).toContain('what? (text');
  expect(await bot.say('find', { ...stranger, in: '#ops' })).toMatchObject({
    outcome: 'failed',
    text: 'what is missing',
  });
  expect((await bot.say('it', { ...stranger, in: '#ops' })).text).toContain('unknown command');
  expect((await bot.say('it', { in: '#ops' })).text).toBe('found --what=it');
});
