import { expect, it } from 'vitest';
import { testBot } from '../../../src/testing/bot.ts';
import { command } from '../../support/bot.ts';

const access = 'people: { ann: test:ann, ben: test:ben }';

it('help tells what an alias stands for, whose it is, how it goes away, and about the command behind it', async () => {
  await using bot = await testBot({ access, commands: [command('ship', () => '', { effect: 'read' })] });
  await bot.say('alias gb ship $1 | grep billing', { as: 'ann' });
  const own = await bot.say('help GB', { as: 'ann' });
  expect(own.outcome).toBe('done');
  for (const part of [
    'gb is an alias of yours. It stands for:',
    'ship $1 | grep billing',
    'unalias gb - forgets it',
    'ship [text] - Does ship',
  ]) {
    expect(own.text).toContain(part);
  }
  expect((await bot.say('help gb', { as: 'ben' })).text).toContain('no command gb');
  expect((await bot.say('help', { as: 'ann' })).text).toMatch(/Aliases here: gb \(help gb tells about one\)/);
  expect((await bot.say('help', { as: 'ben' })).text).not.toContain('Aliases here');
});

it('help tells of a room’s alias who made it, and which one counts', async () => {
  await using bot = await testBot({ access, commands: [command('ship', () => '', { effect: 'read' })] });
  await bot.say('alias --room gb ship one', { as: 'ann', in: 'ops' });
  const rooms = (await bot.say('help gb', { as: 'ben', in: 'ops' })).text;
  expect(rooms).toContain('gb is an alias of this room, made by ann. It stands for:');
  expect(rooms).toContain('unalias --room gb - forgets it');
  expect((await bot.say('help gb', { as: 'ben', in: 'dev' })).text).toContain('no command gb');
  await bot.say('alias gb echo two', { as: 'ben', in: 'ops' });
  const both = (await bot.say('help gb', { as: 'ben', in: 'ops' })).text;
  expect(both).toMatch(/gb is an alias of yours[^]*echo two[^]*Not used, as yours comes first: an alias of this room/);
  expect(both).toContain('echo [text]');
});

it('help tells of an alias in an alias, and of one behind which nobody is', async () => {
  await using bot = await testBot({ commands: [command('ship', () => '', { effect: 'read' })] });
  await bot.say('alias inner ship $1');
  await bot.say('alias outer inner $1');
  await bot.say('alias lost nothing $1');
  expect((await bot.say('help outer')).text).toMatch(/inner \$1[^]*ship \[text\] - Does ship/);
  expect((await bot.say('help lost')).text).toContain('Nobody answers to what is behind it at the moment');
});
