import { type Command, CommandError } from '../../commands/command.ts';
import { type Document, text } from '../../document/document.ts';
import { moment } from '../../document/moment.ts';
import { type JobCommandDeps, jobCommandNames } from './deps.ts';
import { sightOf } from './sight.ts';
import { durationOf } from './took.ts';

const usage = 'history [N] [--all] [person=NAME]';
const usual = 10;
const most = 100;

/** What is wanted of the past. */
interface Wanted {
  readonly count: number;
  /** Undefined: everybody. */
  readonly person: string | undefined;
}

/** What ended lately. */
export const historyCommand = ({
  jobs,
  mayAdmin,
  now,
}: Pick<JobCommandDeps, 'jobs' | 'mayAdmin' | 'now'>): Command => ({
  name: 'history',
  usage,
  description: 'Shows the last commands that ended: yours, those of another person, or all',
  source: { kind: 'builtin' },
  effect: 'read',
  isUrgent: true,
  isAside: true,
  options: [{ name: 'all', kind: 'boolean', usage: "Show everybody's" }],
  examples: ['history 20', 'history --all', 'history person=ann'],
  run: async ({ args, options, caller }): Promise<Document> => {
    const sight = sightOf(caller, mayAdmin);
    const { count, person } = read(args.words, options['all'] === true, sight.person);
    const found = jobs.history(
      count,
      (job) => !jobCommandNames.has(job.command) && (person === undefined || job.person === person),
    );
    if (found.length === 0) return text('nothing has ended yet');
    return {
      kind: 'table',
      columns: ['Id', 'When', 'Person', 'Command', 'Outcome', 'Duration'].map((title) => ({ title })),
      rows: found.map((job) => [
        job.id,
        moment(job.startedAt ?? job.askedAt, now()),
        job.person,
        sight.line(job),
        job.state,
        durationOf(job),
      ]),
    };
  },
});

function read(words: readonly string[], isAll: boolean, me: string): Wanted {
  let wanted: Wanted = { count: usual, person: isAll ? undefined : me };
  for (const word of words) {
    if (/^\d{1,9}$/.test(word)) wanted = { ...wanted, count: Math.min(Number(word), most) };
    else if (word === '--all') wanted = { ...wanted, person: undefined };
    else if (word.startsWith('person=') && word !== 'person=')
      wanted = { ...wanted, person: word.slice('person='.length) };
    else throw new CommandError('usage', `usage: ${usage}`);
  }
  return wanted;
}
