import { type Caller, type Command, CommandError, type Planned } from '../../commands/command.ts';
import { noPlan, type Plan } from '../../commands/plan.ts';
import type { CommandSet } from '../../commands/set.ts';
import { type TypedLine, typedLine } from '../line.ts';
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
  const found = set.find(words) ?? filterOf(set, words[0]);
  // When there is no first word, its quote is the trouble, and `word` says so.
  if (found === undefined) return { command: undefined, words: [line.word(0) ?? '', ...words.slice(1)] };
  const { command } = found;
  const all = line.rest(found.words);
  const options = readOptions(command, all);
  const args = options.words === 0 ? all : line.rest(found.words + options.words);
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
  if (command.plan === undefined) return noPlan;
  const plan = command.plan(planned);
  return plan instanceof Promise ? plan.then((late) => sure(command, late)) : sure(command, plan);
}

/** Commands may come from plain JavaScript: one that does not say which of its words are secret, for one, is not run. */
function sure(command: Command, plan: Plan): Plan {
  const { parameters, secrets } = (plan as Partial<Plan> | null | undefined) ?? {};
  if (parameters instanceof Map && Array.isArray(secrets)) return plan;
  throw new CommandError('failed', `${command.name} did not say what it would do`);
}

/** At the front it says for itself where it belongs. */
function filterOf(
  set: CommandSet,
  word: string | undefined,
): { readonly command: Command; readonly words: number } | undefined {
  const command = word === undefined ? undefined : set.filter(word);
  return command === undefined ? undefined : { command, words: 1 };
}

/** The commands behind the first. Throws a `CommandError` (`usage`) for one that takes nothing from a pipe. */
export const findFilters = (set: CommandSet, { stages }: Pipeline, caller: Caller): Promise<readonly Stage[]> =>
  Promise.all(
    stages.slice(1).map(async (typed) => {
      const line = typedLine(typed);
      const word = line.word(0) ?? '';
      const command = set.filter(word);
      if (command === undefined) throw noFilter(set, word, line);
      const options = readOptions(command, line.rest(1));
      const planned = { args: line.rest(1 + options.words), options: options.values, caller };
      // What is wrong with it is told before anything runs.
      return { command, planned, plan: await planOf({ command, planned }) };
    }),
  );

function noFilter(set: CommandSet, word: string, line: TypedLine): CommandError {
  const filters = set.commands.filter((each) => each.filter !== undefined).map(({ name }) => name);
  const found = set.find(line.head(set.longest));
  const wrong =
    found === undefined
      ? `there is no ${JSON.stringify(word)} to pipe into`
      : `${found.command.name} takes nothing from a pipe`;
  return new CommandError('usage', `${wrong}, only ${filters.join(', ')}. Quote "|" to mean the character.`);
}
