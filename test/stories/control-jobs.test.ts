import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startConsoleBot } from '../support/console-bot.ts';
import { unique } from '../support/name.ts';
import { until } from '../support/until.ts';
import { kill, me, openHouse, serveOperations } from './control-house.ts';
import { openSlackHouse, textOf } from './control-slack-house.ts';

const rules = `
people: { ann: ["console:${me}"] }
roles: { release: ann, auditor: ann }
rules: [{ command: [hold, rotate], people: ann }]
console: nobody
`;

const slackRules = `
roles: { release: ann }
rules: [{ command: hold, people: [ann, ben] }]
`;

it('shows what runs, ends it, and runs it again', { timeout: 120_000 }, async () => {
  const { people, open, operations } = await openSlackHouse(
    ({ ann, ben }) => `people: { ann: ["${ann.account}"], ben: ["${ben.account}"] }\n${slackRules}`,
  );
  const { ann, ben } = people;
  const { ran, held } = operations;
  await open();
  await until(async () => textOf(await ann.say('help hold', 'hold')).includes('Operations.Hold'));
  const hold = ann.say('hold billing', 'cancelled');
  await until(() => held.length === 1);
  const waits = ben.say('hold billing', 'waits for job');
  const shown = await ann.say('jobs', 'hold billing');
  const [, id = ''] = /\n(\d+) .*hold billing/.exec(textOf(shown)) ?? [];
  await waits;
  await ben.say(`cancel ${id}`, `job ${id} is not yours`);
  await ann.say(`cancel ${id}`, `job ${id} is cancelled: hold billing`);
  await hold;
  await until(() => held.length === 2);
  held[1]?.finish();
  await ben.hears('billing was let go');
  await ann.say(`job ${id}`, 'cancelled');
  const again = ann.say(`rerun ${id}`, 'billing was let go');
  await until(() => held.length === 3);
  held[2]?.finish();
  await again;
  await ben.say(`rerun ${id}`, id);
  await ann.say('report twice', 'report twice prod is done');
  await ann.say('!!', 'report twice prod is done');
  expect(ran.filter((what) => what !== 'hold billing')).toEqual(['report twice prod', 'report twice prod']);
  expect(ran).toHaveLength(5);
});

it('reports what ran when it was killed as unknown, and does not run it again', async () => {
  const house = await openHouse(rules);
  const { ran, held } = await serveOperations(house.domain);
  const bot = await house.start();
  await until(async () => (await bot.say('help')).includes('hold'));
  bot.type('hold billing\n');
  await until(() => held.length === 1);
  await kill(bot);

  const again = await house.start();
  expect(again.stderr()).toContain('it is not known what became of what ran when the bot went down');
  // Whoever waits for the answer is told without asking.
  await until(() => /what became of it is unknown\. .*\n\d+: hold billing, by ann, since /.test(again.stdout()));
  await until(async () => (await again.say('help')).includes('hold'));
  expect(await again.say('history')).toMatch(/hold billing\s+unknown/);
  expect(await again.say('audit outcome=unknown')).toMatch(/hold billing\s+unknown/);
  // The lock went with it.
  again.type('hold billing\n');
  await until(() => held.length === 2);
  expect(ran).toEqual(['hold billing', 'hold billing']);
});

it('tells whoever waits when it has to go, and records how it ended', async () => {
  const house = await openHouse(rules);
  const { held } = await serveOperations(house.domain);
  const bot = await house.start();
  await until(async () => (await bot.say('help')).includes('hold'));
  bot.type('hold billing\n');
  await until(() => held.length === 1);
  bot.process.kill('SIGTERM');
  const { code, stdout } = await bot.finished;
  expect(code).toBe(0);
  expect(stdout).toMatch(/stopped: the bot is shutting down\n$/);
  const again = await house.start();
  expect(again.stderr()).not.toContain('it is not known');
  expect(await again.say('history')).toMatch(/hold billing\s+cancelled/);
  expect(await again.say('audit verify')).toMatch(/^whole: /);
});

it('goes on with schedules and aliases after it was killed', async () => {
  const house = await openHouse(rules);
  const { ran } = await serveOperations(house.domain);
  const bot = await house.start();
  await until(async () => (await bot.say('help')).includes('hold'));
  expect(await bot.say('alias bill report ${1:-billing} > me')).toContain('bill is');
  expect(await bot.say('every 1h report hourly')).toContain('s1');
  const once = await bot.say('in 2s report later');
  expect(once).toContain('s2');
  await kill(bot);
  expect(ran).toEqual([]);

  const again = await house.start();
  await until(() => again.stdout().includes('report later prod is done'));
  expect(await again.say('bill shop')).toContain('report shop prod is done\n');
  const left = await again.say('schedules');
  expect(left).toMatch(/^s1\s+every 1h.*report hourly/m);
  expect(left).not.toContain('s2');
  expect(await again.say('unschedule s1')).toContain('s1');
  expect(ran).toEqual(['report later prod', 'report shop prod']);
});

it('keeps what runs once until its service is found', async () => {
  const house = await openHouse(rules);
  const first = await serveOperations(house.domain);
  const bot = await house.start();
  await until(async () => (await bot.say('help')).includes('hold'));
  expect(await bot.say('in 1h report later')).toContain('s1');
  await kill(bot);
  const state = join(house.env['MICRO_BOT_STATE'] ?? '', 'schedules.json');
  const kept = await readFile(state, 'utf8');
  await writeFile(state, kept.replace(/"at":\d+/, `"at":${Date.now() - 1_000}`));

  // Nobody is found there.
  const again = await startConsoleBot({ domain: unique('elsewhere'), env: house.env });
  expect(await again.say('schedules')).toMatch(/^s1\s.*report later/m);
  await kill(again);
  const last = await house.start();
  await until(() => last.stdout().includes('report later prod is done'));
  expect(first.ran).toEqual(['report later prod']);
});

it('asks for what is missing, and hands the answer on', async () => {
  const house = await openHouse(rules);
  const { ran } = await serveOperations(house.domain);
  const bot = await house.start({ MICRO_BOT_AUDIT: 'none' });
  await until(async () => (await bot.say('help')).includes('hold'));
  bot.type('deploy billing | grep done\n');
  await until(() => bot.stdout().includes('env? (one of staging, prod; "cancel" to leave it)'));
  expect(await bot.say('prod')).toBe('deploy billing prod is done\n');
  for (const [index, word] of ['cancel', 'stop'].entries()) {
    bot.type('deploy billing\n');
    await until(() => bot.stdout().split('env? (').length === index + 3);
    expect(await bot.say(word)).toBe('left: nothing was run\n');
  }
  expect(await bot.say('list services | grep operations | count')).toBe('1\n');
  expect(await bot.say('report b > #ops')).toContain('the console has no room #ops');
  expect(await bot.say('report a > me')).toContain('report a prod is done\n');
  expect(await bot.say('report a | deploy')).toContain('deploy takes nothing from a pipe');
  expect(await bot.say('audit')).toMatch(/^nothing is recorded: start the bot with --audit/);
  expect(ran).toEqual(['deploy billing prod', 'report a prod']);
  bot.type('exit\n');
  expect(await bot.finished).toMatchObject({ code: 0 });
});
