import type { Job, Watch } from './jobs.ts';

/** Watches of which runs have ended. */
export interface Watched {
  /** False when it was no run of a watch. */
  add(job: Job): boolean;
  find(id: string): Job | undefined;
  /** The one of which this job was a run. */
  of(job: Job): Watch | undefined;
  /** Each by its last run, in the order of those, newest first. */
  last(): readonly Job[];
}

interface Entry {
  readonly name: string;
  readonly since: number;
  runs: number;
  /** Oldest first. */
  readonly jobs: Job[];
}

const mostWatches = 100;
/** Of one watch. */
const mostJobs = 20;

/** The name of a watch whose run it was. Most are none. */
const nameOf = ({ cause }: Job): string | undefined =>
  cause?.startsWith('watch ') === true ? /^watch (\S+)$/.exec(cause)?.[1] : undefined;

/** A bot that remembers nothing gives its names again. */
const keyOf = ({ cause, person, line }: Job): string => JSON.stringify([cause, person, line]);

export function createWatched(): Watched {
  /** Whose last run ended longest ago comes first. */
  const entries = new Map<string, Entry>();

  return {
    add(job) {
      const name = nameOf(job);
      if (name === undefined) return false;
      const key = keyOf(job);
      const entry = entries.get(key) ?? { name, since: job.startedAt ?? job.askedAt, runs: 0, jobs: [] };
      entry.runs += 1;
      entry.jobs.push(job);
      if (entry.jobs.length > mostJobs) entry.jobs.shift();
      entries.delete(key);
      entries.set(key, entry);
      const [oldest] = entries.keys();
      if (entries.size > mostWatches && oldest !== undefined) entries.delete(oldest);
      return true;
    },
    find(id) {
      for (const { jobs } of entries.values()) for (const job of jobs) if (job.id === id) return job;
      return undefined;
    },
    of(job) {
      const entry = nameOf(job) === undefined ? undefined : entries.get(keyOf(job));
      if (entry === undefined) return undefined;
      const { name, since, runs, jobs } = entry;
      return { name, since, runs, last: jobs.toReversed() };
    },
    last: () => [...entries.values()].reverse().flatMap(({ jobs }) => jobs.at(-1) ?? []),
  };
}
