import { expect, it } from 'vitest';
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
