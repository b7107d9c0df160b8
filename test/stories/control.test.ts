import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loopback, startMicro } from '../support/micro.ts';
import { unique } from '../support/name.ts';
import { until } from '../support/until.ts';
import { codeIn, me, openHouse, serveOperations } from './control-house.ts';

const rules = `
people: { ann: ["console:${me}"], ben: ["slack:T1/U2"] }
roles: { release: [ann, ben], auditor: ann }
rules:
  - { command: [deploy, rotate], people: [ann, ben] }
  - { command: deploy, with: { env: prod }, people: ben, because: customers are there }
console: nobody
`;

it('who may do what is told before, and counts', async () => {
  const house = await openHouse(rules);
  const { ran } = await serveOperations(house.domain);
  const bot = await house.start();
  await until(async () => (await bot.say('help')).includes('deploy'));

  expect(await bot.say('deploy billing prod')).toBe('deploy wants one of ben (rule 2 (line 6): customers are there)\n');
  expect(await bot.say("why can't I deploy billing prod")).toMatch(
    /^no: deploy wants one of ben \(rule 2 \(line 6\): customers are there\)\n(?:\d\. .+\n)*who can deploy/,
  );
  expect(await bot.say('who can deploy billing prod')).toMatch(/^Person.*\nben/);
  expect(await bot.say('hold billing')).toBe('no rule opens hold, and what changes something is refused by default\n');
  const plan = await bot.say('--plan deploy billing staging');
  expect(plan).toMatch(/^This is a plan: nothing was run\.\n/);
  expect(plan).toContain('Calls: go.micro.srv.operations 1.0.0 Operations.Deploy');
  expect(plan).toMatch(/It would go to one of:\nnode.*\ngo\.micro\.srv\.operations-\S+\s1\.0\.0\s127\.0\.0\.1:\d+/);
  expect(ran).toEqual([]);
  expect(await bot.say('deploy billing staging')).toBe('deploy billing staging is done\n');
  expect(ran).toEqual(['deploy billing staging']);
  // What it is called does not matter.
  expect(await bot.say('call go.micro.srv.operations Operations.Deploy {"service": "x", "env": "prod"}')).toMatch(
    /ben .*customers are there/,
  );
  expect(await bot.say('alias ship deploy billing prod')).toBe('ship is deploy billing prod\n');
  expect(await bot.say('ship')).toMatch(/^deploy wants one of ben/);
  expect(ran).toHaveLength(1);
  expect(await bot.say('history 3')).toMatch(/deploy billing prod\s+denied/);
});

it('asks for a confirmation, takes it once, and from nobody else’s code', async () => {
  const house = await openHouse(rules);
  const { ran } = await serveOperations(house.domain);
  const bot = await house.start();
  await until(async () => (await bot.say('help')).includes('wipe'));
  const asked = await bot.say('wipe billing');
  expect(asked).toContain('has to confirm this before it runs');
  const code = codeIn(asked);
  expect(await bot.say(`approve ${code}`)).not.toContain('runs now');
  expect(await bot.say('confirm AAAA-AA')).toContain('nothing waits under AAAA-AA');
  expect(ran).toEqual([]);
  bot.type(`confirm ${code.toLowerCase()}\n`);
  await until(() => bot.stdout().includes('wipe billing prod is done'));
  expect(await bot.say(`confirm ${code}`)).toContain(`${code} was confirmed and runs`);
  expect(ran).toEqual(['wipe billing prod']);
});

it('an access file that is edited counts while the bot runs; a broken one is told, and the one before counts', async () => {
  const house = await openHouse(rules);
  await serveOperations(house.domain);
  const bot = await house.start();
  await until(async () => (await bot.say('help')).includes('deploy'));
  expect(await bot.say('status')).not.toContain('access file');
  await house.rule(rules.replace('people: [ann, ben]', 'people: [ben]'));
  await until(async () => (await bot.say('deploy billing staging')).startsWith('deploy wants one of ben'));
  await house.rule(`${rules}\nrulez: []\n`);
  await until(async () => (await bot.say('status')).includes('the access file cannot be used'));
  expect(await bot.say('status')).toContain('rulez');
  expect(await bot.say('deploy billing staging')).toMatch(/^deploy wants one of ben/);
  await house.rule(rules);
  await until(async () => (await bot.say('deploy billing staging')) === 'deploy billing staging is done\n');
  expect(await bot.say('status')).not.toContain('access file');
});

it('does not start on what is another’s, nor with files that it cannot use', { timeout: 120_000 }, async () => {
  const house = await openHouse(rules);
  await house.start();
  const starts = async (env: Readonly<Record<string, string>>) => {
    const { code, stderr } = await startMicro(['bot', '--inputs=console'], {
      ...loopback(unique('second')),
      ...house.env,
      ...env,
    }).finished;
    return { code, stderr };
  };
  const second = await starts({});
  expect(second.code).toBe(1);
  expect(second.stderr).toMatch(/belongs to the process \d+: a second bot needs a directory of its own\n$/);
  expect(second.stderr).not.toContain('    at ');

  const audit = await starts({ MICRO_BOT_STATE: 'none', MICRO_BOT_AUDIT: house.audit });
  expect(audit.code).toBe(1);
  expect(audit.stderr).toMatch(/audit\.ndjson is written to by the process \d+\n$/);
  for (const device of ['/dev/full', '/dev/null', tmpdir()]) {
    const kept = await starts({ MICRO_BOT_STATE: 'none', MICRO_BOT_AUDIT: device });
    expect(kept.code).toBe(1);
    expect(kept.stderr).toContain(`${device} cannot be used as the audit: it is no file`);
  }

  const absent = await starts({ MICRO_BOT_STATE: 'none', MICRO_BOT_ACCESS: join(tmpdir(), unique('absent')) });
  expect(absent.code).toBe(1);
  expect(absent.stderr).toContain('absent-');
  expect(absent.stderr).not.toContain('    at ');

  await house.rule('roles: { release: nobody-known }\n');
  const broken = await starts({ MICRO_BOT_STATE: 'none' });
  expect(broken.code).toBe(1);
  expect(broken.stderr).toMatch(/line 1.*nobody-known|nobody-known.*line 1/s);
});

it('remembers nothing and says so where there is no place for it', async () => {
  const domain = unique('homeless');
  await serveOperations(domain);
  const bot = startMicro(['bot', '--inputs=console'], { ...loopback(domain), HOME: '', XDG_STATE_HOME: '' });
  await until(() => bot.stderr().includes('"ready"'));
  expect(bot.stderr()).toContain('nothing is remembered when the bot ends: there is no state directory');
  bot.process.stdin.write('audit\nwhoami\nwho can ping\nalias x echo y\nx\n');
  await until(() => bot.stdout().endsWith('y\n'));
  expect(bot.stdout()).toMatch(/^nothing is recorded: start the bot with --audit/);
  expect(bot.stdout()).toContain('Roles: every role, at the console of the bot');
  expect(bot.stdout()).toContain('nobody: no access file names anybody');
  bot.process.stdin.end();
  expect((await bot.finished).code).toBe(0);
  await expect(stat('micro-bot')).rejects.toThrow();
});
