import { readFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { micro } from '../support/micro.ts';
import { until } from '../support/until.ts';
import { me, openHouse, serveOperations } from './control-house.ts';

const rules = (roles: string): string => `
people: { ann: ["console:${me}"] }
roles: ${roles}
rules: [{ command: [hold, rotate], people: ann }]
console: nobody
`;

it(
  'records what was run and refused, for those who may read it, and shows who changed it',
  { timeout: 120_000 },
  async () => {
    const house = await openHouse(rules('{ release: ann }'));
    await serveOperations(house.domain);
    const bot = await house.start();
    await until(async () => (await bot.say('help')).includes('deploy'));
    expect(await bot.say('audit')).toMatch(/auditor/);
    await bot.say('deploy billing prod');
    await house.rule(rules('{ auditor: ann }'));
    await until(async () => (await bot.say('audit command=deploy')).includes('deploy billing prod'));
    expect(await bot.say('deploy billing prod')).toContain('deploy wants the role release');
    expect(await bot.say('audit command=deploy')).toMatch(
      /deploy billing prod\s+done.*\n.*deploy billing prod\s+denied: deploy wants the role release/,
    );
    expect(await bot.say('audit command=deploy outcome=denied')).not.toContain('done');
    expect(await bot.say('audit verify')).toMatch(/^whole: \d+ records/);

    // A terminal beside the bot that runs.
    const terminal = (...args: readonly string[]) => micro(['audit', ...args], house.env);
    const head = (await terminal('head')).stdout.trim();
    expect(head).toMatch(/[0-9a-f]{64}/);
    expect(await terminal('verify')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^whole: /) as string });
    expect((await terminal('show', 'command=deploy')).stdout).toContain('deploy billing prod');
    bot.process.stdin.end();
    expect((await bot.finished).code).toBe(0);
    const whole = await readFile(house.audit, 'utf8');
    expect((await terminal('export')).stdout).toBe(whole);

    await writeFile(house.audit, whole.replace('"line":"deploy billing prod"', '"line":"deploy billing test"'));
    const changed = await terminal('verify');
    expect(changed.code).toBe(1);
    expect(changed.stderr + changed.stdout).toMatch(/record \d+|line \d+/);
    await writeFile(house.audit, whole.slice(0, whole.lastIndexOf('\n', whole.length - 2) + 1));
    expect((await terminal('verify')).code).toBe(0);
    expect(
      (await terminal('verify', '--head', /[0-9a-f]{64}/.exec((await terminal('head')).stdout)?.[0] ?? '')).code,
    ).toBe(0);
    const lines = whole.trim().split('\n');
    const last = (JSON.parse(lines.at(-1) ?? '') as { readonly hash: string }).hash;
    expect((await terminal('verify', '--head', last)).code).toBe(1);
  },
);

it('keeps a secret from every place that outlives what it was given for', { timeout: 120_000 }, async () => {
  const house = await openHouse(rules('{ release: ann, auditor: ann }'));
  const { ran } = await serveOperations(house.domain);
  const bot = await house.start({ MICRO_LOG_LEVEL: 'debug' });
  await until(async () => (await bot.say('help')).includes('rotate'));
  const secrets = ['sesame-open-7', 'two words"', 'päss wörd 99'];
  const lines = [
    'rotate billing --token sesame-open-7',
    'rotate broken token=sesame-open-7',
    `rotate billing --token 'two words"'`,
    'rotate broken --token "two words\\""',
    'rotate billing {"service": "billing", "token": "sesame-open-7"}',
    '--plan rotate billing --token=sesame-open-7',
    'rotate billing --token "päss wörd 99" | grep token',
    'rotate billing --token "päss wörd 99" > me',
    'wipe billing --token sesame-open-7',
    "why can't I rotate billing --token sesame-open-7",
    'who can rotate billing prod too much --token sesame-open-7',
    'can i rotate --token sesame-open-7',
    'call go.micro.srv.operations Operations.Rotate {"service": "billing", "env": "prod", "token": "sesame-open-7"}',
    'in 10m rotate billing --token sesame-open-7',
    'in 10x rotate billing --token sesame-open-7',
    'every weekday 9:00 rotate --token=sesame-open-7 a b c',
    'watch rotate billing --token sesame-open-7 for 10m',
    'alias turn rotate --token sesame-open-7',
    'alias turn rotate {"service": "a", "token": "sesame-open-7"',
    'rotate billing --token sesame-open-7 --nothing here',
    'rotate billing prod staging --token sesame-open-7',
  ];
  const shown: string[] = [];
  for (const line of lines) shown.push(await bot.say(line));
  for (const line of ['audit', 'audit --last 100', 'history 50', 'jobs', 'approvals', 'schedules', 'rerun 5', '!!']) {
    shown.push(await bot.say(line));
  }
  expect(ran.length).toBeGreaterThanOrEqual(6);
  const all = { shown: shown.join('\n'), log: bot.stderr(), kept: await house.kept() };
  for (const [where, text] of Object.entries(all)) {
    for (const secret of secrets) {
      for (const form of [secret, JSON.stringify(secret).slice(1, -1)]) {
        const at = text.indexOf(form);
        expect(at === -1 ? '' : `${where}: …${text.slice(Math.max(0, at - 200), at + 60)}`).toBe('');
      }
    }
  }
});
