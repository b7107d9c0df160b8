import { describe, expect, it } from 'vitest';
import type { Job } from '../../../src/bot/jobs/jobs.ts';
import { recordedLog } from '../../support/recorded.ts';
import { newWorld, someJob } from './world.ts';

describe('a job', () => {
  it('has an id that goes on from before, and times of its own', () => {
    let at = 1_000;
    const { jobs, must } = newWorld({ firstId: 41, now: () => at, limits: { person: 1 } });
    const first = must();
    const second = must({ line: 'deploy users' });
    at = 3_000;
    jobs.end(first.job, 'failed');
    at = 4_500;
    jobs.end(second.job, 'done');
    expect(first.job).toMatchObject({ id: '41', state: 'failed', askedAt: 1_000, startedAt: 1_000, endedAt: 3_000 });
    expect(second.job).toMatchObject({ id: '42', state: 'done', askedAt: 1_000, startedAt: 3_000, endedAt: 4_500 });
    expect(jobs.find('42')).toBe(second.job);
    expect(jobs.find('43')).toBeUndefined();
  });

  it('ends once: what is said later changes nothing', () => {
    const { jobs, must } = newWorld();
    const { job } = must();
    jobs.end(job, 'timed out');
    jobs.end(job, 'done');
    expect(job.state).toBe('timed out');
    expect(jobs.history(10, () => true)).toEqual([job]);
    expect(jobs.cancel(job.id, 'enough')).toBe(false);
  });

  it('of another jobs is none of these', () => {
    const { jobs, must } = newWorld();
    const { job } = must();
    const stranger: Job = { ...someJob, id: job.id, state: 'running', askedAt: 0, startedAt: 0, endedAt: undefined };
    jobs.end(stranger, 'done');
    jobs.end(newWorld().must().job, 'done');
    expect(job.state).toBe('running');
  });

  it('that was denied has an id and an end, and took no place', () => {
    const { jobs, must } = newWorld({ limits: { person: 1 } });
    must();
    const denied = jobs.deny({ ...someJob, line: 'deploy all' });
    expect(denied).toMatchObject({ id: '2', state: 'denied', startedAt: undefined });
    expect(jobs.history(1, () => true)).toEqual([denied]);
    expect(jobs.current).toHaveLength(1);
  });

  it('that is cancelled while it waits never begins, and is told why', () => {
    const { jobs, must } = newWorld({ limits: { person: 1 } });
    const first = must();
    const second = must();
    expect(jobs.cancel(second.job.id, 'enough')).toBe(true);
    jobs.end(second.job, 'cancelled');
    jobs.end(first.job, 'done');
    expect(second.events).toEqual(['stop: enough']);
    expect(second.job).toMatchObject({ state: 'cancelled', startedAt: undefined });
  });

  it('that is cancelled while it runs keeps its place until its end', () => {
    const { jobs, must } = newWorld({ limits: { person: 1 } });
    const first = must();
    const second = must();
    jobs.cancel(first.job.id, 'enough');
    expect(first.events).toEqual(['begin', 'stop: enough']);
    expect(second.job.state).toBe('waiting');
    jobs.end(first.job, 'cancelled');
    expect(second.events).toEqual(['begin']);
  });

  it('without an end takes no place of the others', () => {
    const { must } = newWorld({ limits: { person: 1, all: 1, endless: 2 } });
    const states = [true, true, false, true, false].map((isEndless) => must({ isEndless }).job.state);
    expect(states).toEqual(['running', 'running', 'running', 'waiting', 'waiting']);
  });

  it('about jobs needs no place at all', () => {
    const { must } = newWorld({ limits: { all: 1 } });
    must();
    for (const command of ['jobs', 'job', 'cancel', 'history']) expect(must({ command }).job.state).toBe('running');
    expect(must().job.state).toBe('waiting');
  });
});

describe('too many', () => {
  it('of one person are turned away, and of others not', () => {
    const { open } = newWorld({ limits: { person: 1, waiting: 2 } });
    const opened = [open(), open(), open(), open()];
    expect(opened.map((each) => each?.job.state)).toEqual(['running', 'waiting', 'waiting', undefined]);
    expect(open({ person: 'bob' })?.job.state).toBe('running');
  });

  it('in all are turned away, and there is room again when one goes', () => {
    const { jobs, open } = newWorld({ limits: { all: 1, allWaiting: 1 } });
    const first = open({ person: 'ann' });
    const second = open({ person: 'bob' });
    expect(open({ person: 'cid' })).toBeUndefined();
    if (second !== undefined) jobs.end(second.job, 'cancelled');
    expect(open({ person: 'cid' })?.job.state).toBe('waiting');
    expect(first?.events).toEqual(['begin']);
  });

  it.each([0, -1, Number.NaN])('is no number of %s', (person) => {
    expect(() => newWorld({ limits: { person } })).toThrow('lets nothing through');
  });
});

describe('the history', () => {
  it('begins with what was before, and has the last thousand, newest first', () => {
    const before: Job = { ...someJob, id: '1', state: 'unknown', askedAt: 1, startedAt: 1, endedAt: undefined };
    const { jobs, must } = newWorld({ firstId: 2, history: [before] });
    for (let count = 0; count < 999; count += 1) jobs.end(must().job, 'done');
    expect(jobs.find('1')).toBe(before);
    jobs.end(must().job, 'done');
    expect(jobs.find('1')).toBeUndefined();
    const ids = jobs.history(2_000, () => true).map(({ id }) => Number(id));
    expect(ids).toEqual(Array.from({ length: 1_000 }, (_, index) => 1_001 - index));
    expect(jobs.history(2, ({ id }) => id.endsWith('7')).map(({ id }) => id)).toEqual(['997', '987']);
  });

  it('remembers fewer when lines are as long as messages may be', () => {
    const { jobs, must } = newWorld();
    const line = 'x'.repeat(60_000);
    for (let count = 0; count < 200; count += 1) jobs.end(must({ line }).job, 'done');
    const letters = jobs.history(1_000, () => true).reduce((sum, job) => sum + job.line.length, 0);
    expect(letters).toBeGreaterThan(3_000_000);
    expect(letters).toBeLessThanOrEqual(4_000_000);
  });
});

describe('work that throws', () => {
  it('when it begins has failed, and the next one begins', () => {
    const log = recordedLog();
    const { jobs, must } = newWorld({ log, limits: { person: 1 } });
    const first = must();
    const broken = must({}, () => {
      throw new Error('broken');
    });
    const next = must();
    jobs.end(first.job, 'done');
    expect(broken.job.state).toBe('failed');
    expect(next.events).toEqual(['begin']);
    expect(log.lines).toEqual(['error: a job could not begin']);
  });
});

describe('when the bot goes', () => {
  it('those that wait are told and never begin, and nothing new is taken', () => {
    const { jobs, must, open } = newWorld({ limits: { person: 1 } });
    const first = must();
    const second = must();
    jobs.close('the bot goes');
    expect(second.events).toEqual(['stop: the bot goes']);
    expect(first.events).toEqual(['begin']);
    expect(open()).toBeUndefined();
    jobs.end(first.job, 'done');
    jobs.end(second.job, 'cancelled');
    expect(jobs.current).toEqual([]);
    expect(second.events).toHaveLength(1);
  });
});
