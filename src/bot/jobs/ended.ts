import type { Job, Watch } from './jobs.ts';
import { createWatched } from './watched.ts';

/** The last jobs that ended. */
export interface Ended {
  add(job: Job): void;
  find(id: string): Job | undefined;
  /** Newest first; of a watch its last run alone. */
  last(most: number, fits: (job: Job) => boolean): readonly Job[];
  watchOf(job: Job): Watch | undefined;
}

const mostJobs = 1_000;
/** Of all lines and reasons together: a line may be as long as a message. */
const mostLetters = 4_000_000;

export function createEnded(history: readonly Job[]): Ended {
  /** A ring: the oldest is at `oldest`. */
  const jobs: (Job | undefined)[] = Array.from({ length: mostJobs });
  /** Of each: to look at what is about to be forgotten takes longer than all the rest. */
  const lengths = new Uint32Array(mostJobs);
  let oldest = 0;
  let count = 0;
  let letters = 0;
  // One that looks every few seconds would leave no room for anything else.
  const watched = createWatched();

  const drop = (): void => {
    letters -= lengths[oldest] ?? 0;
    jobs[oldest] = undefined;
    oldest = (oldest + 1) % mostJobs;
    count -= 1;
  };

  const isTooLong = (): boolean => letters > mostLetters && count > 1;

  function* newestFirst(): Iterable<Job> {
    for (let back = count - 1; back >= 0; back -= 1) {
      const job = jobs[(oldest + back) % mostJobs];
      if (job !== undefined) yield job;
    }
  }

  /** Runs of watches stand where they ended among the others. */
  function* withWatches(): Iterable<Job> {
    const runs = watched.last();
    let next = 0;
    for (const job of newestFirst()) {
      for (let run = runs[next]; run !== undefined && endOf(run) >= endOf(job); run = runs[next]) {
        yield run;
        next += 1;
      }
      yield job;
    }
    yield* runs.slice(next);
  }

  const ended: Ended = {
    add(job) {
      if (watched.add(job)) return;
      if (count === mostJobs) drop();
      const place = (oldest + count) % mostJobs;
      const length = job.line.length + (job.why?.length ?? 0);
      jobs[place] = job;
      lengths[place] = length;
      count += 1;
      letters += length;
      while (isTooLong()) drop();
    },
    find(id) {
      for (const job of newestFirst()) if (job.id === id) return job;
      return watched.find(id);
    },
    last(most, fits) {
      const found: Job[] = [];
      for (const job of withWatches()) {
        if (found.length >= most) return found;
        if (fits(job)) found.push(job);
      }
      return found;
    },
    watchOf: (job) => watched.of(job),
  };
  for (const job of history) ended.add(job);
  return ended;
}

const endOf = ({ endedAt = 0 }: Job): number => endedAt;
