import { expect, it } from 'vitest';
import { memoryAudit } from '../../../src/audit/memory.ts';
import { createJobs } from '../../../src/bot/jobs/create.ts';
import { lastJobs } from '../../../src/bot/jobs/recorded.ts';
import { CommandError } from '../../../src/commands/command.ts';
import { command, runningBot } from '../../support/bot.ts';
import { openWorld } from '../invocation/world.ts';
import { newWorld } from './world.ts';

const breaks = command('break', ({ args }) => {
  const what = args.words[0] ?? '';
  if (what !== '') throw new CommandError('failed', what);
  return 'fine';
});
const guarded = { ...command('wipe', () => ''), guard: { scopes: ['release'], confirm: false, approvals: 0 } };

it('tells why it was not done, where all of it may be seen', async () => {
  const jobs = createJobs();
  await using bot = runningBot([breaks, guarded, ...jobs.commands], { jobs });
  const say = async (said: string, sender = 'ann'): Promise<string> =>
    (await bot.say(said, { sender, direct: false, addressed: true })).join('\n');
  await say('break');
  expect(await say('history')).not.toMatch(/Why/);
  await say('break "the disk\nis full"');
  expect(await say('job 3')).toMatch(/State: failed\nWhy: the disk is full\n/);
  await say('wipe');
  expect(await say('job 5')).toContain('Why: wipe was not run: it asks for the role release');
  const [head, ...rows] = (await say('history')).split('\n').map((line) => line.split(/\t+/));
  expect(head?.at(-1)).toBe('Why');
  expect(rows.map((row) => row.at(-1))).toEqual([
    expect.stringContaining('wipe was not run'),
    expect.stringMatching(/^the disk…$/),
    '',
  ]);
  await bot.say('break secretly', { sender: 'ann', direct: true, room: 'dm' });
  for (const said of ['job 8', 'history person=memory:ann']) {
    expect(await say(said, 'bob')).not.toMatch(/secretly/);
  }
});

it('tells who cancelled it', async () => {
  await using world = openWorld({ jobs: { mayAdmin: ({ user }) => user === 'root' } });
  const { jobs } = world;
  const hanging = world.bot.say('work one', { sender: 'ann' });
  await world.began('one');
  await world.bot.say('cancel 1', { sender: 'root' });
  await hanging;
  expect(jobs.find('1')).toMatchObject({ state: 'cancelled', why: 'cancelled by memory:root' });
});

it('knows it after a restart, from the audit', async () => {
  const audit = memoryAudit();
  await using bot = runningBot([breaks, guarded], { audit });
  await bot.say('break everything');
  await bot.say('wipe');
  const { jobs } = newWorld({ history: await lastJobs(audit) });
  expect(jobs.find('1')).toMatchObject({ state: 'failed', why: 'everything' });
  expect(jobs.find('2')?.why).toMatch(/^wipe was not run/);
});

it('remembers the beginning of a long reason', () => {
  const { jobs, must } = newWorld();
  const { job } = must();
  jobs.end(job, 'failed', '😀'.repeat(700));
  expect(job.why).toBe(`${'😀'.repeat(500)}…`);
  const next = must().job;
  jobs.end(next, 'failed', `.${'😀'.repeat(700)}`);
  expect(next.why).toBe(`.${'😀'.repeat(499)}…`);
});
