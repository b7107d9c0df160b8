import { createBag } from '../../async/bag.ts';
import type { Outcome } from '../../audit/audit.ts';
import type { Caller, Command } from '../../commands/command.ts';
import type { Document } from '../../document/document.ts';
import { type Log, silent } from '../../log/log.ts';
import { jobCommands } from './commands.ts';
import { jobCommandNames } from './deps.ts';
import { createEnded } from './ended.ts';
import { Entry, type Places } from './entry.ts';
import type { Job, Jobs } from './jobs.ts';
import { type Limits, limitsOf } from './limits.ts';
import { reasonOf } from './reason.ts';
import { createNeeds } from './needs.ts';
import { createQueues } from './queues.ts';
import { rerunning } from './rerun.ts';
import { countBefore, sentenceOf } from './sentence.ts';
import { createTeller } from './teller.ts';

export interface JobsOptions {
  /** Ids are numbers from here on. Default 1. */
  readonly firstId?: number;
  readonly limits?: Partial<Limits>;
  /** What ended in earlier runs of the bot, oldest first. */
  readonly history?: readonly Job[];
  /** Who may look at the jobs of others and end them. Default: nobody. */
  readonly mayAdmin?: (caller: Caller) => boolean;
  /** Lines about services that are spared at the moment, for `jobs`. */
  readonly circuits?: () => readonly string[];
  /** What else `cancel` may end, by its id. Default: nothing. */
  readonly also?: (id: string, caller: Caller) => Promise<string | Document | undefined>;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  readonly log?: Log;
}

export interface BotJobs extends Jobs {
  /** `jobs`, `job`, `cancel`, `history`, and `rerun`, which only explains itself: `rerunLine` does it. */
  readonly commands: readonly Command[];
  /**
   * The line that is meant by `rerun`, `rerun 41` and `!!`; undefined for whatever else is said. Throws a `CommandError` when there is no such line, or
   * none of the caller's, or when something of it is hidden.
   */
  rerunLine(said: string, caller: Caller): string | undefined;
}

const nothing: readonly Places[] = [];

export function createJobs(options: JobsOptions = {}): BotJobs {
  const { firstId = 1, now = Date.now, log = silent, mayAdmin = () => false, circuits = () => [] } = options;
  const { also = async () => undefined } = options;
  const current = createBag<Entry>();
  const ended = createEnded(options.history ?? []);
  const needsOf = createNeeds(limitsOf(options.limits));
  let nextId = firstId;
  let isClosed = false;
  /** Those who have their places and were not begun yet. */
  let ready: Entry[] = [];
  let isBeginning = false;

  const guarded = (entry: Entry, what: string, work: () => void): void => {
    try {
      work();
    } catch (error) {
      log.error(what, { job: entry.id, command: entry.command, error });
    }
  };

  const begin = (entry: Entry): void => {
    const { work } = entry;
    if (work === undefined || entry.isStopped) return;
    try {
      work.begin(entry);
    } catch (error) {
      log.error('a job could not begin', { job: entry.id, command: entry.command, error });
      jobs.end(entry, 'failed', 'it could not begin: the log tells why');
    }
  };

  /** One after the other: each may end at once, which lets in the next. */
  const beginAll = (): void => {
    if (isBeginning) return;
    isBeginning = true;
    for (let index = 0; index < ready.length; index += 1) begin(ready[index] as Entry);
    ready = [];
    isBeginning = false;
  };

  const teller = createTeller(now, (entry, sentence) => {
    guarded(entry, 'a job that waits could not be told', () => entry.work?.waits(sentence));
  });
  const queues = createQueues(limitsOf(options.limits), (entry) => {
    teller.remove(entry);
    entry.state = 'running';
    entry.startedAt = now();
    ready.push(entry);
  });

  const oldestFirst = (): Entry[] =>
    current
      .places()
      .map(({ value }) => value)
      .sort((one, other) => one.number - other.number);

  const running = (id: string): Entry | undefined => current.places().find(({ value }) => value.id === id)?.value;

  const stop = (entry: Entry, why: string): void => {
    if (entry.isStopped) return;
    entry.isStopped = true;
    teller.remove(entry);
    queues.withdraw(entry);
    guarded(entry, 'a job could not be stopped', () => entry.work?.stop(why));
  };

  const jobs: Jobs = {
    open(about, work) {
      if (isClosed) return undefined;
      const entry = new Entry(
        nextId,
        about,
        work,
        jobCommandNames.has(about.command) ? nothing : needsOf(about),
        now(),
      );
      const entered = queues.enter(entry);
      if (entered === 'crowded') return undefined;
      nextId += 1;
      entry.place = current.add(entry);
      if (entered === 'waits') {
        teller.add(entry);
        return entry;
      }
      entry.state = 'running';
      entry.startedAt = entry.askedAt;
      begin(entry);
      return entry;
    },
    deny(about, why) {
      const at = now();
      const entry = new Entry(nextId, about, undefined, nothing, at);
      nextId += 1;
      entry.state = 'denied';
      entry.why = reasonOf(why);
      entry.endedAt = at;
      ended.add(entry);
      return entry;
    },
    end(job, outcome: Outcome, why) {
      if (!(job instanceof Entry) || job.place === undefined || !current.remove(job.place)) return;
      const hadPlaces = job.state === 'running';
      if (!hadPlaces) {
        teller.remove(job);
        queues.withdraw(job);
      }
      job.state = outcome;
      job.endedAt = now();
      job.why = reasonOf(why);
      job.work = undefined;
      job.place = undefined;
      if (hadPlaces) queues.leave(job);
      job.needs = nothing;
      ended.add(job);
      if (ready.length > 0) beginAll();
    },
    get current() {
      return oldestFirst();
    },
    find: (id) => running(id) ?? ended.find(id),
    cancel(id, why) {
      const entry = running(id);
      if (entry === undefined) return false;
      stop(entry, why);
      if (ready.length > 0) beginAll();
      return true;
    },
    history: (most, fits) => ended.last(most, fits),
    watchOf: (job) => ended.watchOf(job),
    close(why) {
      isClosed = true;
      for (const entry of oldestFirst()) if (entry.state === 'waiting') stop(entry, why);
      for (const entry of ready) stop(entry, why);
    },
  };

  const waits = (job: Job): job is Entry => job instanceof Entry && job.waiting !== undefined;
  const commands = jobCommands({
    jobs,
    mayAdmin,
    circuits,
    also,
    placeOf: (job, told) => (waits(job) ? sentenceOf(job, told) : undefined),
    countBefore: (job) => (waits(job) ? countBefore(job) : undefined),
    now,
  });

  return {
    open: (about, work) => jobs.open(about, work),
    deny: (about, why) => jobs.deny(about, why),
    end: (job, outcome, why) => jobs.end(job, outcome, why),
    get current() {
      return oldestFirst();
    },
    find: (id) => jobs.find(id),
    cancel: (id, why) => jobs.cancel(id, why),
    history: (most, fits) => jobs.history(most, fits),
    watchOf: (job) => jobs.watchOf(job),
    commands,
    rerunLine: rerunning(jobs, mayAdmin),
    close: (why) => jobs.close(why),
  };
}
