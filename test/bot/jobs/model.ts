import { type BotJobs } from '../../../src/bot/jobs/create.ts';
import type { Job, JobAbout } from '../../../src/bot/jobs/jobs.ts';
import type { Limits } from '../../../src/bot/jobs/limits.ts';
import { newWorld, type Opened, type World } from './world.ts';

/** Jobs with a second opinion beside them that looks at everybody each time. */
export class Model {
  readonly jobs: BotJobs;
  readonly #world: World;
  readonly #limits: Limits;
  readonly #opened: Opened[] = [];
  /** Jobs whose work ended at once, and how often. */
  readonly #ends = new Map<string, number>();

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#world = newWorld({ limits });
    this.jobs = this.#world.jobs;
  }

  open(about: Partial<JobAbout>, atOnce = false): Opened | undefined {
    const before = this.#waiting();
    const opened = this.#world.open(about, (job) => {
      if (atOnce) this.#end(job);
    });
    if (opened === undefined) this.#checkCrowded(before, about.person ?? 'ann');
    else this.#opened.push(opened);
    return opened;
  }

  /** Ends one of those that run. */
  end(which: number): void {
    const running = this.#running();
    const job = running[which % Math.max(1, running.length)];
    if (job !== undefined) this.#end(job);
  }

  /** Cancels one of those that wait or run, and ends it, as whoever was told to stop does. */
  cancel(which: number): void {
    const { current } = this.jobs;
    const job = current[which % Math.max(1, current.length)];
    if (job === undefined) return;
    if (!this.jobs.cancel(job.id, 'enough')) throw new Error(`${job.id} could not be cancelled`);
    if (!this.jobs.cancel(job.id, 'enough')) throw new Error(`${job.id} was gone before its end`);
    this.jobs.end(job, 'cancelled');
    if (this.jobs.cancel(job.id, 'enough')) throw new Error(`${job.id} could be cancelled after its end`);
  }

  endAll(): void {
    while (this.#running().length > 0) {
      this.end(0);
      this.check();
    }
    for (const { job, events } of this.#opened) {
      const [begins, stops] = [count(events, 'begin'), count(events, 'stop')];
      if (begins > 1 || stops > 1 || begins + stops === 0) throw new Error(`${job.id}: ${events.join(', ')}`);
      if (events[0] !== 'begin' && begins > 0) throw new Error(`${job.id} began after its end`);
    }
    for (const [id, ends] of this.#ends) if (ends !== 1) throw new Error(`${id} ended ${ends} times`);
  }

  waitingPeople(): ReadonlySet<string> {
    return new Set(this.#waiting().map(({ person }) => person));
  }

  /** Throws when something is not as it should be. */
  check(): void {
    const running = this.#running();
    for (const job of running) {
      for (const { name, most, has } of placesOf(job, this.#limits)) {
        const taken = running.filter(has).length;
        if (taken > most) throw new Error(`${taken} run in ${name}, at most ${most} may`);
      }
    }
    const waiting = this.#waiting();
    for (const job of waiting) {
      const isBehind = waiting.some((other) => isEarlier(other, job));
      const full = placesOf(job, this.#limits).find(({ most, has }) => running.filter(has).length >= most);
      if (full === undefined && !isBehind) throw new Error(`${job.id} waits, and could run`);
    }
    for (const job of running) {
      const behind = waiting.find((other) => isEarlier(other, job));
      if (behind !== undefined) throw new Error(`${job.id} runs before ${behind.id}`);
    }
  }

  #end(job: Job): void {
    this.#ends.set(job.id, (this.#ends.get(job.id) ?? 0) + 1);
    this.jobs.end(job, 'done');
    this.jobs.end(job, 'failed');
    if (job.state !== 'done') throw new Error(`${job.id} ended twice`);
  }

  #running(): readonly Job[] {
    return this.jobs.current.filter(({ state }) => state === 'running');
  }

  #waiting(): readonly Job[] {
    return this.jobs.current.filter(({ state }) => state === 'waiting');
  }

  #checkCrowded(before: readonly Job[], person: string): void {
    const own = before.filter((job) => job.person === person).length;
    if (before.length < this.#limits.allWaiting && own < this.#limits.waiting)
      throw new Error(`${person} was turned away`);
  }
}

interface Places {
  readonly name: string;
  readonly most: number;
  readonly has: (other: Job) => boolean;
}

/** What a job takes a place in. */
function placesOf(job: Job, limits: Limits): readonly Places[] {
  const place = (name: string, most: number, has: (other: Job) => boolean): Places => ({
    name,
    most,
    has: (other) => other.isEndless === job.isEndless && has(other),
  });
  const places = job.isEndless
    ? [
        place('endless of a person', limits.endless, (other) => other.person === job.person),
        place('endless', limits.allEndless, () => true),
      ]
    : [
        place('person', limits.person, (other) => other.person === job.person),
        place('room', limits.room, (other) => other.room === job.room && other.input === job.input),
        place('all', limits.all, () => true),
      ];
  if (job.service !== undefined && !job.isEndless) {
    places.push(place('service', limits.service, (other) => other.service === job.service));
  }
  if (job.lock !== undefined) places.push({ name: 'lock', most: 1, has: (other) => other.lock === job.lock });
  return places;
}

/** One person's with the same lock, or the very same needs, keep their order. */
const isEarlier = (one: Job, other: Job): boolean =>
  Number(one.id) < Number(other.id) &&
  one.person === other.person &&
  one.lock === other.lock &&
  (one.lock !== undefined ||
    (one.room === other.room &&
      one.input === other.input &&
      one.service === other.service &&
      one.isEndless === other.isEndless));

const count = (events: readonly string[], what: string): number =>
  events.filter((event) => event === what || event.startsWith(`${what}:`)).length;
