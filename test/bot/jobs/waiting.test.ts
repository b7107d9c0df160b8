import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newWorld, type Opened } from './world.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] }));
afterEach(() => void vi.useRealTimers());

const after = (ms: number): void => void vi.advanceTimersByTime(ms);
const told = ({ events }: Opened): readonly string[] =>
  events.filter((event) => event.startsWith('waits: ')).map((event) => event.slice('waits: '.length));

describe('who waits is told', () => {
  it('how many come before, and why; not for a moment, and not twice the same', () => {
    const { jobs, must } = newWorld({ limits: { person: 1 } });
    const first = must();
    const [second, third] = [must(), must()];
    after(999);
    expect(told(second)).toEqual([]);
    after(1_001);
    expect(told(second)).toEqual(['you are next: 1 command of yours runs already']);
    expect(told(third)).toEqual(['1 before you: 1 command of yours runs already']);
    after(60_000);
    expect(told(second)).toHaveLength(1);
    jobs.end(first.job, 'done');
    after(60_000);
    expect(told(second)).toHaveLength(1);
    expect(told(third)).toEqual([
      '1 before you: 1 command of yours runs already',
      'you are next: 1 command of yours runs already',
    ]);
  });

  it('also when the clock is set back', () => {
    const { must } = newWorld({ limits: { person: 1 } });
    must();
    const second = must();
    vi.setSystemTime(Date.now() - 3_600_000);
    after(3_000);
    expect(told(second)).toEqual(['you are next: 1 command of yours runs already']);
  });

  it('at most every five seconds of the same job', () => {
    const { jobs, must } = newWorld({ limits: { person: 1 } });
    const running = [must(), must(), must(), must()];
    const last = must();
    const times: number[] = [];
    for (let second = 0; second < 30; second += 1) {
      const before = told(last).length;
      after(1_000);
      if (told(last).length > before) times.push(second);
      const job = running[second]?.job;
      if (job !== undefined) jobs.end(job, 'done');
    }
    expect(times.length).toBeGreaterThan(0);
    expect(times.every((time, index) => index === 0 || time - (times[index - 1] ?? 0) >= 5)).toBe(true);
  });

  it('one sentence a second to each person, however many of theirs wait', () => {
    const { must } = newWorld({ limits: { person: 1 } });
    must();
    const many = Array.from({ length: 20 }, () => must());
    after(1_000);
    expect(many.flatMap(told)).toHaveLength(1);
    after(19_000);
    expect(many.map((each) => told(each).length)).toEqual(many.map(() => 1));
  });

  it('what it waits for, when that is one job', () => {
    const { must } = newWorld({ firstId: 41 });
    const deploy = { lock: 'billing', line: 'deploy billing' };
    must(deploy);
    const bob = must({ ...deploy, person: 'bob' });
    const cid = must({ ...deploy, person: 'cid' });
    after(2_000);
    expect(told(bob)).toEqual(['waits for job 41 of ann: deploy billing']);
    expect(told(cid)).toEqual(['waits for job 41 of ann: deploy billing, 1 before you']);
  });

  it('and not what was asked for in private elsewhere', () => {
    const { must } = newWorld({ firstId: 41 });
    must({ lock: 'billing', line: 'deploy billing --because of the raid', isDirect: true, room: 'dm' });
    const bob = must({ lock: 'billing', person: 'bob', isDirect: true, room: 'dm' });
    const ann = must({ lock: 'billing', isDirect: true, room: 'dm' });
    after(1_000);
    expect(told(bob)).toEqual(['waits for job 41 of ann']);
    expect(told(ann)).toEqual(['waits for job 41 of ann: deploy billing --because of the raid, 1 before you']);
  });

  it('and of what was asked for in another room the command alone', () => {
    const { must } = newWorld({ firstId: 41 });
    must({ lock: 'billing', line: 'deploy billing --because of the raid', room: 'board' });
    const bob = must({ lock: 'billing', person: 'bob' });
    const ann = must({ lock: 'billing' });
    const cid = must({ lock: 'billing', person: 'cid', room: 'board' });
    after(3_000);
    expect(told(bob)).toEqual(['waits for job 41 of ann: deploy (in another room)']);
    expect(told(ann)).toEqual(['waits for job 41 of ann: deploy (in another room), 1 before you']);
    expect(told(cid)).toEqual(['waits for job 41 of ann: deploy billing --because of the raid, 2 before you']);
  });

  it.each([
    ['a room', { room: 2 }, {}, 'you are next: 2 commands run here already'],
    ['a service', { service: 2 }, { service: 'billing' }, 'you are next: 2 commands run on billing already'],
    ['all of us', { all: 2 }, {}, 'you are next: 2 commands run already'],
    [
      'those without an end',
      { endless: 2 },
      { isEndless: true },
      'you are next: 2 commands of yours without an end run already',
    ],
    [
      'all without an end',
      { allEndless: 2 },
      { isEndless: true },
      'you are next: 2 commands without an end run already',
    ],
  ])('why, when it is the limit of %s', (_, limits, about, sentence) => {
    const { must } = newWorld({ limits });
    must(about);
    must(about);
    const third = must(about);
    after(1_000);
    expect(told(third)).toEqual([sentence]);
  });

  it('its place among others: one turn of each comes first', () => {
    const { must } = newWorld({ limits: { all: 1 } });
    must();
    for (const person of ['bob', 'bob', 'bob', 'cid', 'cid']) must({ person });
    const [first, second] = [must({ person: 'dan' }), must({ person: 'dan' })];
    after(3_000);
    expect(told(first)).toEqual(['2 before you: 1 command runs already']);
    expect(told(second)).toEqual(['5 before you: 1 command runs already']);
  });

  it('and when nobody waits, nothing looks any more', () => {
    const { jobs, must } = newWorld({ limits: { person: 1 } });
    const [first, second] = [must(), must()];
    expect(vi.getTimerCount()).toBe(1);
    jobs.end(first.job, 'done');
    expect(vi.getTimerCount()).toBe(0);
    jobs.end(second.job, 'done');
  });
});
