import type { Outcome } from '../../audit/audit.ts';

/** What a job is about. Nothing of it is secret. */
export interface JobAbout {
  /** The principal whose it is. */
  readonly person: string;
  readonly input: string;
  readonly room: string;
  readonly command: string;
  /** As in the audit. */
  readonly line: string;
  readonly isMasked: boolean;
  /** The service it calls. */
  readonly service?: string | undefined;
  /** Jobs with the same lock run one after the other. */
  readonly lock?: string | undefined;
  /** Runs until it is stopped: it takes no place of the limits for those that end. */
  readonly isEndless: boolean;
  /** Nobody but its person reads along where it was asked for: its line is shown to nobody else. */
  readonly isDirect?: boolean;
  /** The room as people call it. */
  readonly roomName?: string | undefined;
  /** What made it run, as in the audit. */
  readonly cause?: string | undefined;
}

/** An invocation that was allowed: it waits for its turn, runs, and ends once. */
export interface Job extends JobAbout {
  /** Short, unique for ever in this bot. */
  readonly id: string;
  readonly state: 'waiting' | 'running' | Outcome;
  /** Milliseconds since the epoch: of its being asked for, of its start and its end. */
  readonly askedAt: number;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  /** What its person was told when it was not done. Undefined: it was, or nobody knows. */
  readonly why?: string | undefined;
}

/** What there was of a watch, each of whose runs is a job. */
export interface Watch {
  /** As people type it: `s8`. */
  readonly name: string;
  /** How many of its runs have ended. */
  readonly runs: number;
  /** When the first of them began, in milliseconds since the epoch. */
  readonly since: number;
  /** The last of them, newest first. */
  readonly last: readonly Job[];
}

/** What is done with a job when its time has come. */
export interface Work {
  /** Its turn. */
  begin(job: Job): void;
  /** It will have to wait; called again now and then while its place changes. */
  waits(sentence: string): void;
  /** It is to end now: somebody cancelled it, or the bot goes. `end` follows, sooner or later. When it waits it never begins. */
  stop(why: string): void;
}

export interface Jobs {
  /** Takes a job. Begins it at once when limits and locks let it. Returns undefined when too many wait: then nothing will happen. */
  open(about: JobAbout, work: Work): Job | undefined;
  /** Gives one that may not run its id and its end, `denied`. It takes no place. */
  deny(about: JobAbout, why?: string): Job;
  /** It has ended: whoever waited for its place is next. `why`: what its person was told when it was not done; no secret is in it. */
  end(job: Job, outcome: Outcome, why?: string): void;
  /** Those that wait and run, oldest first. */
  readonly current: readonly Job[];
  find(id: string): Job | undefined;
  /** False when there is none that waits or runs. */
  cancel(id: string, why: string): boolean;
  /** The last that ended, newest first. Of a watch there is its last run alone. */
  history(most: number, fits: (job: Job) => boolean): readonly Job[];
  /** The watch that this job was a run of. Undefined: it was none, or it is too long ago. */
  watchOf(job: Job): Watch | undefined;
  /** Stops all that wait, because the bot goes. Nothing new is taken, what runs may end. */
  close(why: string): void;
}
