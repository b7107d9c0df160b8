import { type Caller, type Command, CommandError } from '../../commands/command.ts';
import type { Job, Jobs } from './jobs.ts';
import { findJob, type Sight, sightOf } from './sight.ts';

const usage = 'rerun [ID]';
const pattern = /^(?:rerun|!!)(?:\s+(?<word>#?\d{1,15}))?$/i;

/** For those who look for help. What is said in this way is exchanged for the line that is meant before any command is looked for. */
export const rerunCommand: Command = {
  name: 'rerun',
  aliases: ['!!'],
  usage,
  description: 'Runs a line of yours again: the last one here, or that of a job',
  source: { kind: 'builtin' },
  effect: 'read',
  examples: ['rerun', 'rerun 41', '!!'],
  run: async () => {
    throw new CommandError('usage', `usage: ${usage}, with nothing else in the line`);
  },
};

/** The line that is meant by `rerun`, `rerun 41` and `!!`; undefined for whatever else is said. Throws a `CommandError`. */
export const rerunning =
  (jobs: Jobs, mayAdmin: (caller: Caller) => boolean) =>
  (said: string, caller: Caller): string | undefined => {
    const match = pattern.exec(said.trim());
    if (match === null) return undefined;
    const sight = sightOf(caller, mayAdmin);
    const word = match.groups?.['word'];
    const job = word === undefined ? lastHere(jobs, sight) : findJob(jobs, word);
    if (!sight.isInCharge(job)) {
      throw new CommandError(
        'usage',
        `job ${job.id} is not yours: it is for ${job.person} or an admin to run it again`,
      );
    }
    if (!sight.isOpen(job)) {
      throw new CommandError('usage', `job ${job.id} was asked for in private: run it again there`);
    }
    if (job.isMasked) {
      throw new CommandError('usage', `job ${job.id} had a secret in it, which is not kept: write the line again`);
    }
    return job.line;
  };

/** What somebody typed here last, whatever ended last: their schedules and watches go on beside that. */
function lastHere(jobs: Jobs, sight: Sight): Job {
  const fits = (job: Job): boolean => sight.isMine(job) && sight.isHere(job) && isTyped(job);
  const all = [...jobs.history(Number.POSITIVE_INFINITY, fits), ...jobs.current.filter(fits)];
  const [first, ...others] = all;
  if (first === undefined) throw new CommandError('not_found', 'there is nothing of yours here to run again');
  return others.reduce((last, job) => (numberOf(job) > numberOf(last) ? job : last), first);
}

/** Numbers are given in the order in which people ask. */
const numberOf = ({ id }: Job): number => Number(id);

const isTyped = ({ cause = '' }: Job): boolean => !/^(?:schedule|watch) /.test(cause);
