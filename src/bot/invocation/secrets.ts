import { type Arguments, type Caller, CommandError } from '../../commands/command.ts';
import type { Plan } from '../../commands/plan.ts';
import type { CommandSet } from '../../commands/set.ts';
import { readPipeline } from '../pipeline.ts';
import { find, planOf } from './compile.ts';
import { typedLine } from '../line.ts';

/** What of the words behind a name is secret that nobody answers to. Throws where that cannot be told. */
export type Unanswered = (name: string, line: string) => readonly string[];

/** Who asks is told what is wrong, and the line is kept nowhere. */
const refuse: Unanswered = (name) => {
  throw new CommandError('not_found', `there is no command ${JSON.stringify(name)}`);
};

/**
 * The secrets in a line that is not to run yet, as its commands tell them. Rejects with a `CommandError` where nobody can tell: for what cannot be read,
 * and for what nobody answers to.
 */
export async function secretsOf(
  line: string,
  set: CommandSet,
  caller: Caller,
  unanswered: Unanswered = refuse,
): Promise<readonly string[]> {
  const plans = readPipeline(line).stages.map(async (stage): Promise<readonly string[]> => {
    const found = find(set, stage, caller);
    if (found.command === undefined) return unanswered(found.words[0] ?? '', stage);
    try {
      const plan = await planOf(found);
      return [...plan.secrets, ...(await doubtfulIn(plan))];
    } catch (error) {
      // What is wrong with it is told when it runs.
      if (error instanceof CommandError && isUnderstood(error, found.planned.args)) return error.secrets;
      throw error;
    }
  });
  return (await Promise.all(plans)).flat();
}

/** Values of which nobody can tell whether they are secret: those of a call to a service that is away. */
export async function doubtfulIn(plan: Plan): Promise<readonly string[]> {
  const { target, amounts, parameters } = plan;
  // Where it amounts to a command, that has said it.
  if (target === undefined || amounts === undefined || amounts.length > 0) return [];
  const nodes = await plan.nodes?.();
  return nodes === undefined || nodes.length > 0 ? [] : [...parameters.values()].flat();
}

/** Whether the command knows its secrets although it cannot run: of a quote that is never closed nobody does. */
const isUnderstood = ({ code, secrets }: CommandError, args: Arguments): boolean =>
  code === 'usage' && (secrets.length > 0 || isReadable(args));

function isReadable(args: Arguments): boolean {
  try {
    return args.words.length >= 0;
  } catch {
    return false;
  }
}

/** The words of a line behind the first. Throws a `CommandError` (`usage`) for a quote that is never closed. */
export const wordsBehind = (line: string): readonly string[] => typedLine(line).words.slice(1);

const longest = 4_000;

/**
 * Throws a `CommandError` (`usage`) for a line that is too long to be looked at without being run: it may itself be about a line, and so on, and each of
 * those is read anew.
 */
export function checkLength({ length }: string): void {
  if (length <= longest) return;
  throw new CommandError('usage', `the line is too long: ${length} characters, at most ${longest}`);
}
