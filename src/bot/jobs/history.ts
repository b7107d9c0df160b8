import { type Command, CommandError } from '../../commands/command.ts';
import { type Document, text } from '../../document/document.ts';
import { moment } from '../../document/moment.ts';
import { type JobCommandDeps, jobCommandNames } from './deps.ts';
import type { Job, Jobs } from './jobs.ts';
import { short } from './short.ts';
import { type Sight, sightOf } from './sight.ts';
import { durationOf } from './took.ts';

const usage = 'history [N] [ID] [--all] [person=NAME]';
const usual = 10;
const most = 100;

/** What is wanted of the past. */
interface Wanted {
  readonly count: number;
  /** Undefined: everybody. */
  readonly person: string | undefined;
  /** Each run of a schedule or a watch, by its id. */
  readonly name: string | undefined;
}

/** What ended lately. */
export const historyCommand = ({
  jobs,
  mayAdmin,
  now,
}: Pick<JobCommandDeps, 'jobs' | 'mayAdmin' | 'now'>): Command => ({
  name: 'history',
  usage,
  description:
    'Shows the last commands that ended: yours, those of another person, all, or the runs of a schedule or watch',
  source: { kind: 'builtin' },
  effect: 'read',
  isUrgent: true,
  isAside: true,
  options: [{ name: 'all', kind: 'boolean', usage: "Show everybody's" }],
  examples: ['history 20', 'history --all', 'history person=ann', 'history s8'],
  run: async ({ args, options, caller }): Promise<Document> => {
    const sight = sightOf(caller, mayAdmin);
    const wanted = read(args.words, options['all'] === true, sight.person);
    const { count, name } = wanted;
    const found = name === undefined ? lately(jobs, wanted) : runsOf(jobs, name, count);
    if (found.length === 0)
      return text(name === undefined ? 'nothing has ended yet' : `no run of ${name} has ended yet`);
    const row =
      name === undefined ? (job: Job) => lineOf(job, jobs, sight, now()) : (job: Job) => rowOf(job, sight, now());
    const titles = ['Id', 'When', 'Person', 'Command', 'Outcome', 'Duration'];
    const rows = found.map((job) => ({ cells: row(job), why: sight.isOpen(job) ? short(job.why ?? '') : '' }));
    const isAllWell = rows.every(({ why }) => why === '');
    return {
      kind: 'table',
      columns: (isAllWell ? titles : [...titles, 'Why']).map((title) => ({ title })),
      rows: rows.map(({ cells, why }) => (isAllWell ? cells : [...cells, why])),
    };
  },
});

const lately = (jobs: Jobs, { count, person }: Wanted): readonly Job[] =>
  jobs.history(count, (job) => !jobCommandNames.has(job.command) && (person === undefined || job.person === person));

/** Of a watch only the last ones are kept. */
const runsOf = (jobs: Jobs, name: string, count: number): readonly Job[] =>
  jobs
    .history(count, ({ cause }) => cause === `schedule ${name}` || cause === `watch ${name}`)
    .flatMap((job) => jobs.watchOf(job)?.last ?? job)
    .slice(0, count);

/** A watch is one line, however often it looked. */
function lineOf(job: Job, jobs: Jobs, sight: Sight, now: number): readonly string[] {
  const row = rowOf(job, sight, now);
  const watch = jobs.watchOf(job);
  if (watch === undefined) return row;
  const [, when = '', person = '', line = '', outcome = ''] = row;
  const { name, runs, since } = watch;
  const times = `${runs} ${runs === 1 ? 'run' : 'runs'}`;
  return [name, when, person, `watch ${line} (${times})`, outcome, durationOf({ ...job, startedAt: since })];
}

const rowOf = (job: Job, sight: Sight, now: number): readonly string[] => [
  job.id,
  moment(job.startedAt ?? job.askedAt, now),
  job.person,
  sight.line(job),
  job.state,
  durationOf(job),
];

function read(words: readonly string[], isAll: boolean, me: string): Wanted {
  let wanted: Wanted = { count: usual, person: isAll ? undefined : me, name: undefined };
  for (const word of words) {
    if (/^\d{1,9}$/.test(word)) wanted = { ...wanted, count: Math.min(Number(word), most) };
    else if (/^s\d{1,15}$/i.test(word)) wanted = { ...wanted, name: word.toLowerCase() };
    else if (word === '--all') wanted = { ...wanted, person: undefined };
    else if (word.startsWith('person=') && word !== 'person=')
      wanted = { ...wanted, person: word.slice('person='.length) };
    else throw new CommandError('usage', `usage: ${usage}`);
  }
  return wanted;
}
