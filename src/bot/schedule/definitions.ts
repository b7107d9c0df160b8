import type { Caller, Command } from '../../commands/command.ts';
import { noPlan } from '../../commands/plan.ts';
import type { Document } from '../../document/document.ts';
import { typedLine } from '../line.ts';
import type { Definition, ReadDefinition, Telling } from './definition.ts';
import { atUsage, inUsage, readAt, readIn, readTomorrow, tomorrowUsage } from './read-once.ts';
import { cronUsage, everyUsage, readCron, readEvery } from './read-repeated.ts';
import { readWatch, watchUsage } from './read-watch.ts';

const first = /^(?:in|at|tomorrow|every|cron|watch)$/i;

/** True for a line that holds another one, to be run later, however its first word is marked. */
export function isDefinition(said: string): boolean {
  const [word = '', more] = typedLine(said).head(2);
  // To watch services is the bot's own command, which goes on by itself.
  return more !== undefined && first.test(word) && !(/^watch$/i.test(word) && /^services$/i.test(more));
}

interface Kind {
  readonly name: string;
  readonly usage: string;
  readonly description: string;
  readonly examples: readonly string[];
  readonly read: ReadDefinition;
}

const kinds: readonly Kind[] = [
  {
    name: 'in',
    usage: inUsage,
    description: 'Runs a command once, after a while',
    examples: ['in 10m health greeter', 'in 2 days list services'],
    read: readIn,
  },
  {
    name: 'at',
    usage: atUsage,
    description: 'Runs a command once, at a time',
    examples: [
      'at 17:30 health greeter',
      'at 2026-12-01 09:00 Europe/Berlin list services',
      'at monday 9am health greeter',
    ],
    read: readAt,
  },
  {
    name: 'tomorrow',
    usage: tomorrowUsage,
    description: 'Runs a command once, tomorrow',
    examples: ['tomorrow 9:00 health greeter'],
    read: readTomorrow,
  },
  {
    name: 'every',
    usage: everyUsage,
    description: 'Runs a command again and again',
    examples: [
      'every 15m health greeter',
      'every weekday 9:00,17:00 list services',
      'every mon,wed 9am Europe/Berlin stats greeter',
    ],
    read: readEvery,
  },
  {
    name: 'cron',
    usage: cronUsage,
    description: 'Runs a command whenever a cron pattern fits',
    examples: ['cron "0 9 * * 1-5" health greeter'],
    read: readCron,
  },
  {
    name: 'watch',
    usage: watchUsage,
    description: 'Runs a command again and again for a while (10m, every 10s), and shows what changes',
    examples: ['watch health greeter for 10m', 'watch list services for 1h every 30s'],
    read: readWatch,
  },
];

/** The commands that make schedules. To make one changes nothing yet: its line is judged when it runs. */
export const definitionCommands = (
  telling: () => Telling,
  make: (definition: Definition, caller: Caller) => Promise<Document>,
  secrets: (line: string, caller: Caller) => Promise<readonly string[]>,
): readonly Command[] =>
  kinds.map(({ read, ...about }) => ({
    ...about,
    source: { kind: 'builtin' },
    effect: 'read',
    takesLine: true,
    // What cannot be read is refused before it is recorded: nobody knows what would be secret in it.
    plan: async ({ args, caller }) => ({ ...noPlan, secrets: await secrets(read(args, telling()).line, caller) }),
    run: async ({ args, caller }) => make(read(args, telling()), caller),
  }));
