import type { Entry, Places } from './entry.ts';
import type { Job } from './jobs.ts';
import { short } from './short.ts';

/** What a person reads whose job waits: how many come before it, and why it waits at all. */
export function sentenceOf(entry: Entry): string {
  const at = entry.waiting?.queue.at;
  if (at === undefined) return 'you are next';
  const before = at.turns.before(entry.person, entry.number);
  if (at.kind === 'lock' && at.holder !== undefined) {
    return `waits for ${jobOf(at.holder, entry)}${before === 0 ? '' : `, ${before} before you`}`;
  }
  return `${before === 0 ? 'you are next' : `${before} before you`}: ${reason(at)}`;
}

/** The line of a job that was asked for in private is nobody else's business, and nobody's elsewhere. */
function jobOf(job: Job, { person, input, room }: Job): string {
  const isTheirs = job.person === person && job.input === input && job.room === room;
  const isHidden = job.isDirect === true && !isTheirs;
  return `job ${job.id} of ${job.person}${isHidden ? '' : `: ${short(job.line)}`}`;
}

function reason({ kind, name, capacity }: Places): string {
  const commands = `${capacity.toLocaleString('en')} command${capacity === 1 ? '' : 's'}`;
  const run = capacity === 1 ? 'runs' : 'run';
  switch (kind) {
    case 'person':
      return `${commands} of yours ${run} already`;
    case 'endless':
      return `${commands} of yours without an end ${run} already`;
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
