import { describe, expect, it } from 'vitest';
import type { JobAbout } from '../../../src/bot/jobs/jobs.ts';
import { newWorld, type Opened } from './world.ts';

/** A room and a service with one place each, which two people each ask for again and again, and somebody who needs both. */
function contest() {
  const { jobs, must } = newWorld({ limits: { room: 1, service: 1 } });
  const inRoom = (person: string): Opened => must({ person, room: 'busy' });
  const onService = (person: string): Opened => must({ person, room: `room of ${person}`, service: 'busy' });
  const isRunning = ({ job }: Opened): boolean => job.state === 'running';
  let people = [inRoom('ann'), inRoom('bob')];
  let callers = [onService('cid'), onService('dan')];
  const patient = must({ person: 'eve', room: 'busy', service: 'busy' });
  /** Whoever runs there ends and asks again. */
  const turn = (): void => {
    const again = (each: Opened, open: (person: string) => Opened): Opened => {
      if (!isRunning(each)) return each;
      jobs.end(each.job, 'done');
      return open(each.job.person);
    };
    people = people.map((each) => again(each, inRoom));
    callers = callers.map((each) => again(each, onService));
  };
  return {
    jobs,
    patient,
    turn,
    /** How many others run. */
    others: () => [...people, ...callers].filter(isRunning).length,
  };
}

describe('nobody starves', () => {
  it('not who needs two places that are never free at the same time', () => {
    const { jobs, patient, turn, others } = contest();
    let turns = 0;
    for (; patient.job.state === 'waiting' && turns < 1_000; turns += 1) turn();
    expect(patient.events).toEqual(['begin']);
    expect(turns).toBeLessThan(50);
    expect(others()).toBe(0);
    jobs.end(patient.job, 'done');
    expect(others()).toBe(2);
  });

  it('and what was kept for somebody who goes is free again', () => {
    const { jobs, patient, turn, others } = contest();
    for (let turns = 0; others() === 2 && turns < 1_000; turns += 1) turn();
    if (patient.job.state === 'waiting') {
      expect(others()).toBe(1);
      jobs.cancel(patient.job.id, 'enough');
    }
    jobs.end(patient.job, 'cancelled');
    expect(others()).toBe(2);
    expect(jobs.current).toHaveLength(4);
  });

  it('not who waits for a room while others, who wait for a service, come there too', () => {
    const { jobs, must, begun } = newWorld({ limits: { room: 2, service: 1 } });
    const first = must({ person: 'ann', room: 'ops', service: 'billing' });
    for (const person of ['bob', 'cid', 'dan']) must({ person, room: 'ops', service: 'billing' });
    must({ person: 'eve', room: 'ops' });
    const last = must({ person: 'fay', room: 'ops' });
    jobs.end(first.job, 'done');
    expect(begun.at(-1)).toBe(last.job.id);
  });
});

describe('a queue', () => {
  it('is one person after the other, of each the oldest first', () => {
    const { jobs, must, begun } = newWorld({ limits: { all: 1 } });
    let running = must({ person: 'zoe' }).job;
    const ids = (person: string, times: number): readonly string[] =>
      Array.from({ length: times }, () => must({ person }).job.id);
    const [ann, bob, cid] = [ids('ann', 3), ids('bob', 2), ids('cid', 1)];
    for (let left = 6; left > 0; left -= 1) {
      jobs.end(running, 'done');
      running = jobs.current.find(({ state }) => state === 'running') ?? running;
    }
    expect(begun.slice(1)).toEqual([ann[0], bob[0], cid[0], ann[1], bob[1], ann[2]]);
  });

  it('of a lock is in order, and holds up nothing else', () => {
    const { jobs, must, begun } = newWorld();
    const deploy: Partial<JobAbout> = { lock: 'deploy billing' };
    const first = must(deploy);
    const second = must({ ...deploy, room: 'elsewhere' });
    const third = must({ ...deploy, person: 'bob' });
    const free = must({});
    expect(begun).toEqual([first.job.id, free.job.id]);
    jobs.end(first.job, 'done');
    jobs.end(second.job, 'done');
    expect(begun).toEqual([first, free, second, third].map(({ job }) => job.id));
  });

  it('of one service holds up no other', () => {
    const { must } = newWorld({ limits: { service: 1 } });
    must({ service: 'billing' });
    expect(must({ service: 'billing' }).job.state).toBe('waiting');
    expect(must({ service: 'users' }).job.state).toBe('running');
    expect(must({}).job.state).toBe('running');
  });

  it('is no deeper for a job that ends at once: ten thousand of them begin one after the other', () => {
    const { jobs, must, begun } = newWorld({ limits: { all: 1, waiting: 10_000 } });
    const first = must();
    for (let count = 0; count < 10_000; count += 1) must({}, (job) => jobs.end(job, 'done'));
    jobs.end(first.job, 'done');
    expect(begun).toHaveLength(10_001);
    expect(jobs.current).toEqual([]);
  });
});
