import { type Command, CommandError } from '../../commands/command.ts';
import type { Document, Field } from '../../document/document.ts';
import { moment } from '../../document/moment.ts';
import type { JobCommandDeps } from './deps.ts';
import type { Job } from './jobs.ts';
import { roomOf } from './list.ts';
import { findJob, type Sight, sightOf } from './sight.ts';
import { durationOf } from './took.ts';

const usage = 'job ID';

/** All there is to know of one job. */
export const jobCommand = ({
  jobs,
  mayAdmin,
  placeOf,
  now,
}: Pick<JobCommandDeps, 'jobs' | 'mayAdmin' | 'placeOf' | 'now'>): Command => ({
  name: 'job',
  usage,
  description: 'Shows one job: what it runs, for whom, since when, and how it ended',
  source: { kind: 'builtin' },
  effect: 'read',
  isUrgent: true,
  isAside: true,
  examples: ['job 41'],
  run: async ({ args, caller }): Promise<Document> => {
    const [word, ...more] = args.words;
    if (word === undefined || more.length > 0) throw new CommandError('usage', `usage: ${usage}`);
    const job = findJob(jobs, word);
    const sight = sightOf(caller, mayAdmin);
    const time = (at: number | undefined): string => (at === undefined ? '' : moment(at, now()));
    const fields: readonly (readonly [string, string | undefined])[] = [
      ['Id', job.id],
      ['Person', job.person],
      ['State', job.state],
      ...inside(job, sight, placeOf(job, sight.isMine(job) ? 'its person' : 'others')),
      ['Room', roomOf(job)],
      ['Asked', time(job.askedAt)],
      ['Started', time(job.startedAt)],
      ['Ended', time(job.endedAt)],
      ['Duration', durationOf(job)],
    ];
    return {
      kind: 'fields',
      fields: fields.flatMap(([name, value = '']): Field[] => (value === '' ? [] : [{ name, value }])),
    };
  },
});

/** Of what was asked for in private nobody else learns what it is; of what was asked for in another room, what it is and what it waits for. */
function inside(job: Job, sight: Sight, place: string | undefined): readonly (readonly [string, string | undefined])[] {
  const isOpen = sight.isOpen(job);
  if (!isOpen && job.isDirect === true) return [];
  return [
    ['Place', place],
    ['Why', isOpen ? job.why : undefined],
    ['Line', isOpen ? job.line : undefined],
    ['Command', job.command],
    ['Service', job.service],
    ['Lock', isOpen ? job.lock : undefined],
    ['Cause', isOpen ? job.cause : undefined],
  ];
}
