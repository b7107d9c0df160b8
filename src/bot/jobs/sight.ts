import { type Caller, CommandError } from '../../commands/command.ts';
import type { Job, Jobs } from './jobs.ts';
import { short } from './short.ts';

/** What somebody may see of jobs from where they are, and do about them. */
export interface Sight {
  /** The principal who looks. */
  readonly person: string;
  isMine(job: Job): boolean;
  /** It was asked for in this room. */
  isHere(job: Job): boolean;
  /** Whether they may end it and run it again. */
  isInCharge(job: Job): boolean;
  /** Whether everything of it may be shown here. */
  isOpen(job: Job): boolean;
  /** Its line, or that it is not for here. */
  line(job: Job): string;
}

/**
 * What was asked for in private is shown to its person and to admins alone, and not where others read along. What was asked for in another room, too: not
 * everybody need be in there; but nobody minds that they see it here.
 */
export function sightOf(caller: Caller, mayAdmin: (caller: Caller) => boolean): Sight {
  const person = caller.person ?? `${caller.input}:${caller.user}`;
  const sight: Sight = {
    person,
    // Of those whom the network does not tell apart, nobody knows which of them it was.
    isMine: (job) =>
      job.person === person && (caller.isKnown !== false || (job.isDirect !== true && sight.isHere(job))),
    isHere: ({ input, room }) => input === caller.input && room === caller.room,
    isInCharge: (job) => sight.isMine(job) || mayAdmin(caller),
    isOpen(job) {
      const isHere = sight.isHere(job);
      if (job.isDirect === true) return sight.isInCharge(job) && (caller.isDirect === true || isHere);
      return isHere || sight.isInCharge(job);
    },
    line(job) {
      if (sight.isOpen(job)) return short(job.line);
      return job.isDirect === true ? '(in private)' : `${short(job.command)} (in another room)`;
    },
  };
  return sight;
}

/** As people write it: `41`, `#41`. */
const idPattern = /^#?(?<id>\d{1,15})$/;

export const readId = (word: string): string | undefined =>
  idPattern.exec(word)?.groups?.['id']?.replace(/^0+(?=\d)/, '');

/** The job that a word names. Throws a `CommandError`. */
export function findJob(jobs: Pick<Jobs, 'find'>, word: string): Job {
  const id = readId(word);
  if (id === undefined)
    throw new CommandError('usage', `"${short(word)}" is no job: they have numbers, "jobs" shows them`);
  const job = jobs.find(id);
  if (job === undefined) throw new CommandError('not_found', `there is no job ${id}, or it is too long ago`);
  return job;
}
