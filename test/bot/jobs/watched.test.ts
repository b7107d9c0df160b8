import { describe, expect, it } from 'vitest';
import type { Audit } from '../../../src/audit/audit.ts';
import { memoryAudit } from '../../../src/audit/memory.ts';
import { lastJobs } from '../../../src/bot/jobs/recorded.ts';
import type { JobAbout } from '../../../src/bot/jobs/jobs.ts';
import { testBot } from '../../../src/testing/bot.ts';
import { command } from '../../support/bot.ts';
import { newWorld } from './world.ts';

const start = Date.parse('2026-11-21T09:00:00Z');

/** Jobs that end after a second each, on a clock of their own. */
function setup() {
  let time = start;
  const { jobs, must } = newWorld({ now: () => time });
  const ends = (about: Partial<JobAbout>, count = 1, outcome: 'done' | 'failed' = 'done'): void => {
    for (let each = 0; each < count; each += 1) {
      const { job } = must(about);
      time += 1_000;
      jobs.end(job, outcome);
    }
  };
  const lines = (most = 10): readonly string[] => jobs.history(most, () => true).map(({ line }) => line);
  return { jobs, ends, lines };
}

const health = { line: 'health billing', cause: 'watch s8' };

describe('a watch in what ended', () => {
  it('is there once, where its last run ended, with how many there were and when the first began', () => {
    const { jobs, ends, lines } = setup();
    ends({ line: 'one' });
    ends(health, 30);
    ends({ line: 'two' });
    expect(lines()).toEqual(['two', 'health billing', 'one']);
    ends(health, 1, 'failed');
    ends({ line: 'stats', cause: 'watch s9' });
    expect(lines()).toEqual(['stats', 'health billing', 'two', 'one']);
    expect(lines(2)).toEqual(['stats', 'health billing']);
    const [, last] = jobs.history(2, () => true);
    if (last === undefined) throw new Error('nothing');
    expect(jobs.watchOf(last)).toMatchObject({ name: 's8', runs: 31, since: start + 1_000 });
    expect(
      jobs
        .watchOf(last)
        ?.last.map(({ id, state }) => `${id} ${state}`)
        .slice(0, 2),
    ).toEqual(['33 failed', '31 done']);
    expect(jobs.find('31')?.cause).toBe('watch s8');
  });

  it('leaves room for everything else, however long it goes on', () => {
    const { jobs, ends } = setup();
    ends({ line: 'deploy' });
    ends(health, 5_000);
    expect(jobs.history(2_000, () => true).map(({ line }) => line)).toEqual(['health billing', 'deploy']);
    expect(jobs.find('1')?.line).toBe('deploy');
    // Not all of its runs are kept.
    expect(jobs.find('2')).toBeUndefined();
    expect(jobs.find('5001')?.line).toBe('health billing');
  });

  it('does not grow with the number of watches', () => {
    const { jobs, ends } = setup();
    for (let each = 0; each < 300; each += 1) ends({ cause: `watch s${each}` });
    expect(jobs.history(1_000, () => true)).toHaveLength(100);
    expect(jobs.history(1, () => true)[0]?.cause).toBe('watch s299');
  });

  it('is another one when it is of somebody else or of another line: its id may be given again', () => {
    const { jobs, ends } = setup();
    ends(health, 2);
    ends({ ...health, person: 'bob' });
    ends({ ...health, line: 'health ledger' });
    expect(jobs.history(10, () => true).map((job) => jobs.watchOf(job)?.runs)).toEqual([1, 1, 2]);
  });

  it('is known from the audit, too, and does not hide there what was before it', async () => {
    const audit = memoryAudit();
    const about = { person: 'ann', input: 'memory', user: 'u', room: 'r', command: 'c', isMasked: false, decision: '' };
    const run = async (id: number, more: { readonly line: string; readonly cause: string }): Promise<void> => {
      await audit.write({ kind: 'started', id: String(id), ...about, ...more });
      await audit.write({ kind: 'ended', id: String(id), outcome: 'done', durationMs: 5 });
    };
    await run(1, { line: 'deploy', cause: 'message' });
    for (let id = 2; id <= 1_501; id += 1) await run(id, health);
    const { jobs } = newWorld({ history: await lastJobs(audit) });
    const found = jobs.history(10, () => true);
    expect(found.map((job) => `${job.line} ${jobs.watchOf(job)?.runs}`)).toEqual([
      'health billing 1500',
      'deploy undefined',
    ]);
  });

  it('is not looked for further back when that was all', async () => {
    const asked: number[] = [];
    const audit = memoryAudit();
    const find: Audit['find'] = (filter, most) => {
      asked.push(most);
      return audit.find(filter, most);
    };
    await lastJobs({ find });
    expect(asked).toEqual([2_000]);
  });
});

describe('history', () => {
  it('shows a watch in one line, and each of its runs by its id', async () => {
    const say = command('health', () => 'up', { effect: 'read' });
    await using bot = await testBot({ commands: [say], now: '2026-11-21T09:00:00Z' });
    await bot.say('health ledger', { in: '#ops' });
    expect((await bot.say('watch health billing for 1m every 10s', { in: '#ops' })).text).toContain('s1');
    await bot.pass(60_000);
    expect((await bot.heard('#ops')).text).toContain('up');
    expect((await bot.heard('#ops')).text).toContain('has ended');
    const rows = async (line: string): Promise<readonly (readonly string[])[]> =>
      (await bot.say(line, { in: '#ops' })).text.split('\n').map((row) => row.split('\t'));
    const [, watch, made, first] = await rows('history');
    expect([watch?.[0], watch?.[3], watch?.[4]]).toEqual(['s1', 'watch health billing (6 runs)', 'done']);
    expect([made?.[3], first?.[3]]).toEqual(['watch health billing for 1m every 10s', 'health ledger']);
    const [, ...runs] = await rows('history S1');
    expect(runs.map((cells) => `${cells[0]} ${cells[3]}`)).toEqual(
      [8, 7, 6, 5, 4, 3].map((id) => `${id} health billing`),
    );
    expect(await rows('history s1 2')).toHaveLength(3);
    expect((await bot.say('history s7', { in: '#ops' })).text).toBe('no run of s7 has ended yet');
    expect(
      (await bot.audit({ command: 'health', outcome: 'done' })).filter(({ kind }) => kind === 'started'),
    ).toHaveLength(7);
  });

  it('shows the runs of a schedule, which are lines of their own', async () => {
    const { jobs, ends } = setup();
    ends({ line: 'report', cause: 'schedule s2' }, 2);
    expect(jobs.history(10, () => true).map(({ id }) => id)).toEqual(['2', '1']);
    await using bot = await testBot({
      commands: [command('report', () => 'all is well')],
      now: '2026-11-21T09:00:00Z',
    });
    await bot.say('every 1h report', { in: '#ops' });
    await bot.pass(2 * 3_600_000);
    expect((await bot.heard('#ops')).text).toContain('all is well');
    expect((await bot.heard('#ops')).text).toContain('all is well');
    expect((await bot.say('history s1', { in: '#ops' })).text.split('\n')).toHaveLength(3);
  });
});
