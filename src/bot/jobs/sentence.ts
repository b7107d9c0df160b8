import type { Entry, Places } from './entry.ts';
import type { Job } from './jobs.ts';
import { short } from './short.ts';

/** How many come before a job that waits. */
export function countBefore({ waiting, person, number }: Entry): number {
  return waiting?.queue.at?.turns.before(person, number) ?? 0;
}

/** To whom a job's place is told. */
export type Told = 'its person' | 'others';

/** Why a job waits, and how many come before it. */
export function sentenceOf(entry: Entry, told: Told = 'its person'): string {
  const it = told === 'others' ? 'it' : 'you';
  const next = told === 'others' ? 'it is next' : 'you are next';
  const at = entry.waiting?.queue.at;
  if (at === undefined) return next;
  const before = countBefore(entry);
  if (at.kind === 'lock' && at.holder !== undefined) {
    return `waits for ${jobOf(at.holder, entry)}${before === 0 ? '' : `, ${before} before ${it}`}`;
  }
  return `${before === 0 ? next : `${before} before ${it}`}: ${reason(at, told === 'others' ? entry.person : undefined)}`;
}

/** The line of a job that was asked for in private is nobody else's business, and nobody's elsewhere. */
function jobOf(job: Job, { person, input, room }: Job): string {
  const isTheirs = job.person === person && job.input === input && job.room === room;
  const isHidden = job.isDirect === true && !isTheirs;
  return `job ${job.id} of ${job.person}${isHidden ? '' : `: ${short(job.line)}`}`;
}

/** `person`: whose it is, for others. */
function reason({ kind, name, capacity }: Places, person: string | undefined): string {
  const whose = person ?? 'yours';
  const commands = `${capacity.toLocaleString('en')} command${capacity === 1 ? '' : 's'}`;
  const run = capacity === 1 ? 'runs' : 'run';
  switch (kind) {
    case 'person':
      return `${commands} of ${whose} ${run} already`;
    case 'endless':
      return `${commands} of ${whose} without an end ${run} already`;
    case 'room':
      return `${commands} ${run} here already`;
    case 'service':
      return `${commands} ${run} on ${name} already`;
    case 'all':
      return `${commands} ${run} already`;
    case 'all endless':
      return `${commands} without an end ${run} already`;
    case 'lock':
      return 'it runs already';
    default:
      return kind satisfies never;
  }
}
