import { type Command, CommandError } from '../../commands/command.ts';
import { type Document, text } from '../../document/document.ts';
import { type JobCommandDeps, jobCommandNames } from './deps.ts';
import type { Job, Jobs } from './jobs.ts';
import { short } from './short.ts';
import { findJob, readId, type Sight, sightOf } from './sight.ts';

const usage = 'cancel [ID]';

/** Ends a job: the caller's own, or, for those who may, anybody's. */
export const cancelCommand = ({
  jobs,
  mayAdmin,
  also,
}: Pick<JobCommandDeps, 'jobs' | 'mayAdmin' | 'also'>): Command => ({
  name: 'cancel',
  usage,
  description:
    'Ends a job, a schedule, a watch or a request of yours; without an id, the last job of yours here; also: stop',
  source: { kind: 'builtin' },
  effect: 'read',
  isUrgent: true,
  examples: ['cancel 41', 'cancel s7'],
  run: async ({ args, caller }): Promise<Document> => {
    const [word, ...more] = args.words;
    if (more.length > 0) throw new CommandError('usage', `usage: ${usage}`);
    const other = word === undefined || readId(word) !== undefined ? undefined : await also(word, caller);
    if (other !== undefined) return typeof other === 'string' ? text(other) : other;
    if (word !== undefined && readId(word) === undefined) {
      throw new CommandError(
        'not_found',
        `there is no "${short(word)}" to cancel: "jobs", "schedules" and "approvals" show what there is`,
      );
    }
    const sight = sightOf(caller, mayAdmin);
    const job = word === undefined ? lastHere(jobs, sight) : findJob(jobs, word);
    if (!sight.isInCharge(job)) {
      throw new CommandError('usage', `job ${job.id} is not yours: it is for ${job.person} or an admin to cancel it`);
    }
    const why = sight.isMine(job) ? 'cancelled' : `cancelled by ${sight.person}`;
    if (!jobs.cancel(job.id, why)) throw new CommandError('not_found', `job ${job.id} is over: ${job.state}`);
    return text(`job ${job.id} is cancelled: ${sight.line(job)}`);
  },
});

function lastHere(jobs: Jobs, sight: Sight): Job {
  const last = jobs.current.findLast(
    (job) => !jobCommandNames.has(job.command) && sight.isMine(job) && sight.isHere(job),
  );
  if (last === undefined) throw new CommandError('not_found', 'nothing of yours runs or waits here');
  return last;
}
