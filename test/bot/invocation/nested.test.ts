import { expect, it } from 'vitest';
import { noPlan } from '../../../src/commands/plan.ts';
import { testBot } from '../../../src/testing/bot.ts';
import { command } from '../../support/bot.ts';

const login = command('login', () => 'in', { plan: ({ args }) => ({ ...noPlan, secrets: args.words.slice(0, 1) }) });

it.each([
  'who can ',
  'can i ',
  'alias a ',
  'every 5m ',
  'in 5m ',
  'watch ',
  'alias a every 5m who can ',
])('a line about a line about a line, and so on, is refused before anybody reads all of them: %s', async (start) => {
  await using bot = await testBot({ commands: [login] });
  const line = `${start.repeat(60_000 / start.length)}login hunter22`;
  const { outcome, text } = await bot.say(line);
  expect(outcome).toBe('failed');
  expect(text).toContain('the line is too long: ');
  expect(await bot.audit()).toEqual([]);
});

it.each(['who can ', 'can i ', 'who can can i '])('what is secret in one is secret in all: %s', async (start) => {
  await using bot = await testBot({ commands: [login] });
  await bot.say(`${start.repeat(200)}login hunter22`);
  const [started] = await bot.audit();
  expect(started).toMatchObject({ isMasked: true, line: expect.stringMatching(/login "\[secret\]"$/) });
});
