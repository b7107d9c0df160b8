import { CommandError, type OptionValues } from '../commands/command.ts';
import { parseDuration } from '../runtime/duration.ts';
import type { AuditFilter, Outcome } from './audit.ts';
import { outcomes } from './record.ts';

/** How a filter is written. */
export const filterUsage =
  '[person=…] [command=…] [room=…] [service=…] [outcome=…] [id=…] [since=1h] [until=2026-11-21T14:00]';

/** What was given for an option. */
type Given = OptionValues[string] | undefined;

const names = ['person', 'command', 'room', 'service', 'outcome', 'id', 'since', 'until'];

/** Reads `person=ann since=1h`. Throws a `CommandError` (`usage`) that says which word is wrong. */
export function readFilter(words: readonly string[], now: number): AuditFilter {
  const filter: Record<string, string | number> = {};
  for (const word of words) {
    const at = word.indexOf('=');
    const name = at < 0 ? word : word.slice(0, at);
    const value = word.slice(at + 1);
    if (at < 0 || !names.includes(name)) throw usage(`${word} is no filter`);
    if (value === '') throw usage(`${name} needs a value`);
    if (name in filter) throw usage(`${name} is given twice`);
    filter[name] = read(name, value, now);
  }
  return filter;
}

/** A whole number of rows, from 1 on. Throws a `CommandError` (`usage`). */
export function readLast(given: Given, standard: number, most: number): number {
  if (given === undefined) return standard;
  const last = Number(given);
  if (Number.isInteger(last) && last >= 1 && last <= most) return last;
  throw new CommandError('usage', `--last is a number from 1 to ${most}, not ${given.toString()}`);
}

function read(name: string, value: string, now: number): string | number {
  switch (name) {
    case 'outcome':
      return readOutcome(value);
    case 'since':
    case 'until':
      return readTime(name, value, now);
    default:
      return value;
  }
}

/** Also with a dash where there is a space, so that it needs no quotes. */
function readOutcome(value: string): Outcome {
  const wanted = value.toLowerCase().replaceAll('-', ' ');
  const outcome = outcomes.find((each) => each === wanted);
  if (outcome !== undefined) return outcome;
  throw usage(`outcome is one of ${outcomes.map((each) => each.replaceAll(' ', '-')).join(', ')}, not ${value}`);
}

/** How long ago, or a moment; one without a time zone is in UTC. */
function readTime(name: string, value: string, now: number): number {
  const days = /^(\d{1,5})d$/.exec(value)?.[1];
  if (days !== undefined) return now - Number(days) * 86_400_000;
  const ago = parseDuration(value);
  if (ago !== undefined) return now - ago;
  const [, day, time, zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(value) ?? [];
  const moment = Date.parse(`${day}T${time ?? '00:00'}${zone}`);
  if (!Number.isNaN(moment)) return moment;
  throw usage(`${name} is how long ago (90m, 2d) or a moment (2026-11-21T14:00), not ${value}`);
}

const usage = (what: string): CommandError => new CommandError('usage', `${what}. Usage: audit ${filterUsage}`);

/** What `audit head` and `audit verify` show, the whole line of either or the hash alone. */
const shownHead = /^(?:(?:record \d+|head): )?([0-9a-f]{64})$/;

/** Undefined when none was given. Throws a `CommandError` (`usage`) for what is no hash. */
export function readHead(given: Given): string | undefined {
  if (given === undefined) return undefined;
  const head = shownHead.exec(given.toString().trim().toLowerCase())?.[1];
  if (head !== undefined) return head;
  throw new CommandError('usage', 'a head is 64 digits and letters from a to f, as `audit head` shows it');
}
