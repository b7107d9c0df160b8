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
    return `waits for ${jobOf(at.holder, entry, told)}${before === 0 ? '' : `, ${before} before ${it}`}`;
  }
  return `${before === 0 ? next : `${before} before ${it}`}: ${reason(at, told === 'others' ? entry.person : undefined)}`;
}

/** What was asked for in private is nobody else's business, and words are nobody's but where they were said. */
function jobOf(job: Job, { person, input, room }: Job, told: Told): string {
  const whose = `job ${job.id} of ${job.person}`;
  const isHere = job.input === input && job.room === room;
  if (job.isDirect === true && !(isHere && job.person === person)) return whose;
  // Whoever else looks may be in any room.
  if (told === 'others') return `${whose}: ${short(job.command)}`;
  return `${whose}: ${isHere ? short(job.line) : `${short(job.command)} (in another room)`}`;
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
