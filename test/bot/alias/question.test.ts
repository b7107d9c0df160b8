import { expect, it } from 'vitest';
import { CommandError } from '../../../src/commands/command.ts';
import { noPlan } from '../../../src/commands/plan.ts';
import { command } from '../../support/bot.ts';
import { aliasBot } from './world.ts';

it('a line of a name somebody made is no answer to a question, and the question still stands', async () => {
  await using bot = await aliasBot();
  const missing = { name: 'env', expected: 'text', isSecret: false, description: '' };
  const ship = command('ship', ({ args }) => `shipped ${args.words.join(' ')}`, {
    plan({ args }) {
      if (args.words.length > 0) return noPlan;
      throw new CommandError('usage', 'env is missing', { missing });
    },
  });
  bot.add(ship);
  await bot.answer('alias say echo $1');
  expect(await bot.answer('ship')).toContain('env?');
  expect(await bot.answer('say hello')).toBe('hello');
  expect(await bot.answer('to prod')).toBe('shipped --env=to prod');
});
