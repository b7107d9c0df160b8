import { expect, it } from 'vitest';
import { unary } from '../../src/runtime/server/server.ts';
import { newServer } from '../../src/runtime/server/micro.ts';
import { testBot, type TestBotOptions } from '../../src/testing/bot.ts';
import { until } from '../support/until.ts';

/** A service with a command, and other names for it. */
const serving =
  (name: string, command: string, aliases: string): NonNullable<TestBotOptions['services']>[number] =>
  (network) => {
    const server = newServer({ ...network, name });
    const answer = unary(() => ({ text: `${command} is done` }), { metadata: { command, aliases } });
    server.handle({ name: 'It', methods: { Run: answer } });
    return { start: () => server.start(), stop: () => server.stop() };
  };

it('a rule for the alias of a service’s command is one for the command, however it is run', async () => {
  await using bot = await testBot({
    services: [serving('deployer', 'deploy', 'dep, ship it'), serving('wiper', 'wipe', 'dep')],
    access: `
people: { ann: test:ann, ben: test:ben }
rules:
  - { command: dep, people: ann }
  - { command: call, people: [ann, ben] }
  - { command: restart, people: ann }
`,
  });
  await until(async () => (await bot.say('help', { as: 'ann' })).text.includes('deploy'));
  for (const line of ['deploy', 'dep', 'ship it', 'call deployer It.Run {}']) {
    expect((await bot.say(line, { as: 'ann' })).text).toContain('deploy is done');
    expect(await bot.say(line, { as: 'ben' })).toMatchObject({ outcome: 'denied' });
  }
  // Somebody else has the alias: it opens nothing for who wanted it, too.
  expect(await bot.say('wipe', { as: 'ann' })).toMatchObject({ outcome: 'denied' });
  expect((await bot.say('access', { as: 'ben' })).text).toContain(
    'rule 3 (line 6) names restart: there is no such command',
  );
});

it.each([
  '',
  ', No Name!',
])('a service with more aliases than anybody has keeps nobody waiting, and opens nothing%s', async (bad) => {
  const many = Array.from({ length: 20_000 }, (_, index) => `cmd${index}`).join(', ');
  const rules = Array.from({ length: 300 }, (_, index) => `{ command: "cmd${index}*x", people: ann }`).join(', ');
  await using bot = await testBot({
    services: [serving('deployer', 'deploy', many + bad)],
    access: `
people: { ann: test:ann, ben: test:ben }
roles: { admin: ann }
rules: [${rules}, { command: cmd19999, people: ann }, { command: "*", people: [ann, ben], grant: true }]
`,
  });
  await until(async () => (await bot.say('list services', { as: 'ann' })).text.includes('deployer'));
  expect((await bot.say('call deployer It.Run {}', { as: 'ann' })).text).toContain('deploy is done');
  expect(await bot.say('call deployer It.Run {}', { as: 'ben' })).toMatchObject({ outcome: 'denied' });
  expect((await bot.say('help deploy', { as: 'ann' })).text).not.toContain('cmd7');
});
