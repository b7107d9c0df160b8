import { type Caller, type Command, CommandError, type Planned } from '../../commands/command.ts';
import { noPlan, type Plan } from '../../commands/plan.ts';
import type { CommandSet } from '../../commands/set.ts';
import { typedLine } from '../line.ts';
import { readOptions } from '../options.ts';
import type { Pipeline } from '../pipeline.ts';

/** One command of a line with what was given to it. */
export interface Stage {
  readonly command: Command;
  readonly planned: Planned;
  readonly plan: Plan;
}

/** Undefined: nobody has a command of this name; `words` are those that were looked for. */
export type Found =
  | { readonly command: Command; readonly planned: Planned }
  | { readonly command: undefined; readonly words: readonly string[] };

/** Finds the command that a text begins with, and reads its options. Throws a `CommandError` (`usage`). */
export function find(set: CommandSet, typed: string, caller: Caller): Found {
  const line = typedLine(typed);
  const words = line.head(set.longest);
  const found = set.find(words);
  // When there is no first word, its quote is the trouble, and `word` says so.
  if (found === undefined) return { command: undefined, words: [line.word(0) ?? '', ...words.slice(1)] };
  const { command } = found;
  const options = readOptions(command, line.rest(found.words));
  const args = line.rest(found.words + options.words);
  return { command, planned: { args, options: options.values, caller } };
}

/** What the first command would do. The others change what it answers, and do nothing of their own. */
export function planOf({
  command,
  planned,
}: {
  readonly command: Command;
  readonly planned: Planned;
}): Plan | Promise<Plan> {
  return command.plan?.(planned) ?? noPlan;
}

/** The commands behind the first. Throws a `CommandError` (`usage`) for one that takes nothing from a pipe. */
export function findFilters(set: CommandSet, { stages }: Pipeline, caller: Caller): readonly Stage[] {
  return stages.slice(1).map((typed) => {
    const found = find(set, typed, caller);
    if (found.command !== undefined && found.command.filter !== undefined) return { ...found, plan: noPlan };
    const filters = set.commands.filter((each) => each.filter !== undefined).map(({ name }) => name);
    const wrong =
      found.command === undefined
        ? `there is no ${JSON.stringify(found.words[0])} to pipe into`
        : `${found.command.name} takes nothing from a pipe`;
    throw new CommandError('usage', `${wrong}, only ${filters.join(', ')}. Quote "|" to mean the character.`);
  });
}
