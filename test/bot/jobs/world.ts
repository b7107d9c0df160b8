import { type BotJobs, createJobs, type JobsOptions } from '../../../src/bot/jobs/create.ts';
import type { Job, JobAbout, Work } from '../../../src/bot/jobs/jobs.ts';

/** What came to a job, in order: `begin`, `waits: …`, `stop: …`. */
export interface Opened {
  readonly job: Job;
  readonly events: readonly string[];
}

/** Jobs, and everything that was ever opened in them. */
export interface World {
  readonly jobs: BotJobs;
  /** Ids in the order of their beginnings. */
  readonly begun: readonly string[];
  /** Undefined when too many wait. `about` is what matters of it. */
  readonly open: (about?: Partial<JobAbout>, onBegin?: (job: Job) => void) => Opened | undefined;
  /** As `open`; throws when too many wait. */
  readonly must: (about?: Partial<JobAbout>, onBegin?: (job: Job) => void) => Opened;
}

export const someJob: JobAbout = {
  person: 'ann',
  input: 'memory',
  room: 'lobby',
  command: 'deploy',
  line: 'deploy billing',
  isMasked: false,
  isEndless: false,
};

export function newWorld(options: JobsOptions = {}): World {
  const jobs = createJobs(options);
  const begun: string[] = [];
  const world: World = {
    jobs,
    begun,
    open(about = {}, onBegin = () => {}) {
      const events: string[] = [];
      const work: Work = {
        begin(job) {
          events.push('begin');
          begun.push(job.id);
          onBegin(job);
        },
        waits: (sentence) => void events.push(`waits: ${sentence}`),
        stop: (why) => void events.push(`stop: ${why}`),
      };
      const job = jobs.open({ ...someJob, ...about }, work);
      return job === undefined ? undefined : { job, events };
    },
    must(about, onBegin) {
      const opened = world.open(about, onBegin);
      if (opened === undefined) throw new Error('too many wait');
      return opened;
    },
  };
  return world;
}
