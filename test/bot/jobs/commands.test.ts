import { describe, expect, it, onTestFinished } from 'vitest';
import { createJobs, type JobsOptions } from '../../../src/bot/jobs/create.ts';
import type { Job, JobAbout } from '../../../src/bot/jobs/jobs.ts';
import type { Caller } from '../../../src/commands/command.ts';
import type { SayOptions } from '../../../src/inputs/memory/memory.ts';
import { type RunningBot, runningBot } from '../../support/bot.ts';
import { someJob } from './world.ts';

/** A quarter past nine, so that what is shown is known. */
const now = Date.UTC(2026, 10, 21, 9, 15, 0);

/** A bot whose commands are those about jobs, and jobs that somebody opens beside it. `said` in a room, unless it says otherwise. */
function setup(options: JobsOptions = {}) {
  const jobs = createJobs({
    firstId: 41,
    now: () => now,
    mayAdmin: ({ user }) => user === 'root',
    limits: { person: 2 },
    ...options,
  });
  const bot: RunningBot = runningBot(jobs.commands, { jobs });
  onTestFinished(() => bot[Symbol.asyncDispose]());
  const stopped: string[] = [];
  return {
    jobs,
    stopped,
    open: (about: Partial<JobAbout> = {}): Job => {
      const work = {
        begin() {},
        waits() {},
        stop: (why: string) => void stopped.push(why),
      };
      const job = jobs.open({ ...someJob, person: 'memory:ann', ...about }, work);
      if (job === undefined) throw new Error('too many wait');
      return job;
    },
    /** What one person reads. */
    say: async (said: string, sender = 'ann', more: SayOptions = {}): Promise<string> =>
      (await bot.say(said, { sender, direct: false, addressed: true, ...more })).join('\n'),
  };
}

describe('jobs', () => {
  it('shows what waits and runs here, and what is mine elsewhere', async () => {
    const { open, say } = setup();
    open();
    open({ person: 'memory:bob', line: 'deploy users' });
    open({ room: 'ops', roomName: '#ops', line: 'deploy all' });
    open({ person: 'memory:bob', room: 'ops' });
    open();
    const shown = (await say('jobs')).split('\n').map((line) => line.split(/\t+/));
    expect(shown[0]).toEqual(['Id', 'Person', 'Command', 'Room', 'State', 'Since']);
    expect(shown.slice(1)).toEqual(
      [
        ['41', 'memory:ann', 'deploy billing', 'memory lobby', 'running', '09:15:00 UTC'],
        ['42', 'memory:bob', 'deploy users', 'memory lobby', 'running', '09:15:00 UTC'],
        ['43', 'memory:ann', 'deploy all', 'memory #ops', 'running', '09:15:00 UTC'],
        ['45', 'memory:ann', 'deploy billing', 'memory lobby', 'waiting, next', '09:15:00 UTC'],
      ].map((row) => row.map((cell) => (cell.includes('09:15') ? expect.stringContaining('09:15:00 UTC') : cell))),
    );
    for (const said of ['jobs --all', 'jobs --all=true']) expect((await say(said)).split('\n')).toHaveLength(6);
  });

  it('says so when there is nothing', async () => {
    const { say } = setup();
    expect(await say('jobs')).toBe('nothing runs or waits here, and nothing of yours elsewhere');
    expect(await say('jobs --all')).toBe('nothing runs or waits');
    expect(await say('jobs of bob')).toBe('usage: jobs [--all]');
  });

  it('shows fifty, and how many more there are', async () => {
    const { open, say } = setup();
    for (let count = 0; count < 60; count += 1) open({ person: `memory:${count}` });
    const lines = (await say('jobs --all')).split('\n');
    expect(lines).toContain('… and 10 more');
    expect(lines.filter((line) => line.includes('deploy billing'))).toHaveLength(50);
  });

  it('shows services that are spared', async () => {
    const { say } = setup({ circuits: () => ['billing Billing.Pay: open since 09:00:00 UTC'] });
    expect(await say('jobs')).toContain('billing Billing.Pay: open since');
  });

  it('shows what was asked for in private to its person and to admins, and not where others read along', async () => {
    const { open, say } = setup();
    open({ room: 'dm', isDirect: true, line: 'deploy secretly' });
    const row = async (sender: string, more: SayOptions = {}): Promise<string> =>
      (await say('jobs --all', sender, more)).split('\n')[1] ?? '';
    expect(await row('ann')).toContain('(in private)');
    expect(await row('bob', { direct: true })).toContain('(in private)');
    expect(await row('root')).toContain('(in private)');
    expect(await row('ann', { direct: true })).toContain('deploy secretly');
    expect(await row('root', { direct: true })).toContain('deploy secretly');
  });
});

describe('job', () => {
  it('shows all of one', async () => {
    const { jobs, open, say } = setup();
    const job = open({ service: 'billing', lock: 'billing', cause: 'message' });
    const waiting = open({ lock: 'billing' });
    jobs.end(job, 'failed');
    expect(await say('job 41')).toContain('State: failed\nLine: deploy billing\nCommand: deploy\nService: billing');
    expect(await say('job #41')).toContain('Duration: 0s');
    const { id } = open({ lock: 'billing' });
    expect(await say(`job ${id}`)).toContain('Place: waits for job 42 of memory:ann: deploy billing');
    expect(await say(`job ${id}`, 'bob', { room: 'elsewhere' })).toContain(
      'Place: waits for job 42 of memory:ann: deploy\n',
    );
    jobs.end(waiting, 'done');
    expect(await say(`job ${id}`)).not.toContain('Place');
  });

  it('takes no less than no time when the clock is set back', async () => {
    let time = now;
    const { jobs, open, say } = setup({ now: () => time });
    const job = open();
    time -= 3_600_000;
    jobs.end(job, 'done');
    expect(await say('job 41')).toContain('Duration: 0s');
  });

  it('keeps what was asked for in private', async () => {
    const { open, say } = setup();
    open({ room: 'dm', isDirect: true, line: 'deploy secretly', lock: 'secret', service: 'secret' });
    const shown = await say('job 41', 'bob');
    expect(shown).toContain('memory, in private');
    expect(shown).not.toMatch(/secret/);
  });

  it.each([
    ['job', 'usage: job ID'],
    ['job 41 42', 'usage: job ID'],
    ['job mine', '"mine" is no job: they have numbers, "jobs" shows them'],
    ['job 99', 'error executing cmd: there is no job 99, or it is too long ago'],
  ])('%s is refused', async (said, sentence) => {
    expect(await setup().say(said)).toBe(sentence);
  });
});

describe('cancel', () => {
  it('ends what is mine, by its number or as the last one here', async () => {
    const { open, say, stopped, jobs } = setup();
    const [first, second] = [open(), open({ line: 'deploy users' })];
    open({ room: 'ops' });
    expect(await say('cancel')).toBe('job 42 is cancelled: deploy users');
    jobs.end(second, 'cancelled');
    expect(await say('cancel 41')).toBe('job 41 is cancelled: deploy billing');
    jobs.end(first, 'cancelled');
    expect(stopped).toEqual(['cancelled', 'cancelled']);
    expect(await say('cancel 41')).toBe('error executing cmd: job 41 is over: cancelled');
    expect(await say('cancel')).toBe('error executing cmd: nothing of yours runs or waits here');
    expect(await say('cancel all of them')).toBe('usage: cancel [ID]');
  });

  it('ends what is no job and has an id of its own, where somebody knows it', async () => {
    const also = async (id: string, { user }: Caller): Promise<string | undefined> =>
      id === 's7' ? `schedule s7 of ${user} is over` : undefined;
    const { open, say, stopped } = setup({ also });
    open();
    expect(await say('cancel s7')).toBe('schedule s7 of ann is over');
    expect(await say('cancel s8')).toBe(
      'error executing cmd: there is no "s8" to cancel: "jobs", "schedules" and "approvals" show what there is',
    );
    expect(await say('cancel 41')).toBe('job 41 is cancelled: deploy billing');
    expect(stopped).toEqual(['cancelled']);
  });

  it('ends what is not mine for admins alone', async () => {
    const { open, say, stopped } = setup();
    open();
    expect(await say('cancel 41', 'bob')).toBe('job 41 is not yours: it is for memory:ann or an admin to cancel it');
    expect(stopped).toEqual([]);
    expect(await say('cancel 41', 'root')).toBe('job 41 is cancelled: deploy billing');
    expect(stopped).toEqual(['cancelled by memory:root']);
  });
});

describe('history', () => {
  it("shows what of mine ended, somebody else's, or all", async () => {
    const { jobs, open, say } = setup();
    jobs.end(open(), 'done');
    jobs.end(open({ person: 'memory:bob', line: 'deploy users' }), 'timed out');
    jobs.end(open({ line: 'deploy twice' }), 'failed');
    const ids = async (said: string): Promise<readonly string[]> =>
      (await say(said))
        .split('\n')
        .slice(1)
        .filter((line) => line.includes('deploy'))
        .map((line) => line.split('\t')[0] ?? '');
    expect(await ids('history')).toEqual(['43', '41']);
    expect(await ids('history 1')).toEqual(['43']);
    expect(await ids('history person=memory:bob')).toEqual(['42']);
    expect(await ids('history --all')).toEqual(['43', '42', '41']);
    expect(await ids('history 2 --all')).toEqual(['43', '42']);
    expect(await say('history person=memory:bob')).toContain('timed out');
    expect(await say('history of bob')).toBe('usage: history [N] [ID] [--all] [person=NAME]');
  });
});
