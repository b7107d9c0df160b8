import type { Caller } from '../../commands/command.ts';
import type { Document } from '../../document/document.ts';
import type { Job, Jobs } from './jobs.ts';
import type { Told } from './sentence.ts';

/** What the commands about jobs need to know. */
export interface JobCommandDeps {
  readonly jobs: Jobs;
  /** Who may look at the jobs of others and end them. */
  readonly mayAdmin: (caller: Caller) => boolean;
  /** Lines about services that are spared at the moment. */
  readonly circuits: () => readonly string[];
  /** Ends what is no job but has an id of its own, such as a schedule: a sentence, or undefined when it is not there. */
  readonly also: (id: string, caller: Caller) => Promise<string | Document | undefined>;
  /** Which place it has, while it waits, for its person or for others. */
  readonly placeOf: (job: Job, told: Told) => string | undefined;
  /** How many come before it, while it waits. */
  readonly countBefore: (job: Job) => number | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The names of these commands. Nobody wants to hear of them when asking what runs. */
export const jobCommandNames: ReadonlySet<string> = new Set(['jobs', 'job', 'cancel', 'history', 'rerun']);
