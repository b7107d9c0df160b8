import { type Command, CommandError } from '../../commands/command.ts';
import { type Document, text } from '../../document/document.ts';
import { moment } from '../../document/moment.ts';
import { type JobCommandDeps, jobCommandNames } from './deps.ts';
import type { Job } from './jobs.ts';
import { sightOf } from './sight.ts';

const most = 50;
const usage = 'jobs [--all]';

/** What waits and runs in this room, and what of the caller's does elsewhere. */
export const listCommand = ({
  jobs,
  mayAdmin,
  circuits,
  countBefore,
  now,
}: Pick<JobCommandDeps, 'jobs' | 'mayAdmin' | 'circuits' | 'countBefore' | 'now'>): Command => ({
  name: 'jobs',
  usage,
  description: 'Shows what waits and runs here, and what of yours does elsewhere',
  source: { kind: 'builtin' },
  effect: 'read',
  isUrgent: true,
  isAside: true,
  options: [{ name: 'all', kind: 'boolean', usage: 'Show those of all rooms' }],
  run: async ({ args, options, caller }): Promise<Document> => {
    const rest = args.after(0);
    if (rest !== '' && rest !== '--all') throw new CommandError('usage', `usage: ${usage}`);
    const isAll = options['all'] === true || rest === '--all';
    const sight = sightOf(caller, mayAdmin);
    const found = jobs.current.filter(
      (job) => !jobCommandNames.has(job.command) && (isAll || sight.isHere(job) || sight.isMine(job)),
    );
    const row = (job: Job): readonly string[] => [
      job.id,
      job.person,
      sight.line(job),
      roomOf(job),
      stateOf(job, countBefore(job)),
      moment(job.startedAt ?? job.askedAt, now()),
    ];
    const parts: Document[] = [
      found.length === 0
        ? text(isAll ? 'nothing runs or waits' : 'nothing runs or waits here, and nothing of yours elsewhere')
        : {
            kind: 'table',
            columns: ['Id', 'Person', 'Command', 'Room', 'State', 'Since'].map((title) => ({ title })),
            rows: found.slice(0, most).map(row),
          },
    ];
    if (found.length > most) parts.push(text(`… and ${found.length - most} more`));
    const spared = circuits();
    if (spared.length > 0) parts.push({ kind: 'list', items: spared });
    return parts.length === 1 ? (parts[0] as Document) : { kind: 'group', parts };
  },
});

/** One that waits has a place. */
const stateOf = ({ state }: Job, before: number | undefined): string =>
  before === undefined ? state : `${state}, ${before === 0 ? 'next' : `${before} before it`}`;

/** Where it was asked for, for people. */
export const roomOf = ({ isDirect, room, roomName = room, input }: Job): string =>
  isDirect === true ? `${input}, in private` : `${input} ${roomName}`;
