import { type Caller, CommandError } from '../../commands/command.ts';
import type { CommandSet } from '../../commands/set.ts';
import { find, planOf } from './compile.ts';
import { readPipeline } from '../pipeline.ts';

/** The secrets in a line that is not to run yet, as far as its commands can be asked. */
export async function secretsOf(line: string, set: CommandSet, caller: Caller): Promise<readonly string[]> {
  const plans = readPipeline(line).stages.map(async (stage): Promise<readonly string[]> => {
    try {
      const found = find(set, stage, caller);
      return found.command === undefined ? [] : (await planOf(found)).secrets;
    } catch (error) {
      // What is wrong with it is told when it runs.
      return error instanceof CommandError ? error.secrets : [];
    }
  });
  return (await Promise.all(plans)).flat();
}

const longest = 4_000;

/**
 * Throws a `CommandError` (`usage`) for a line that is too long to be looked at without being run: it may itself be about a line, and so on, and each of
 * those is read anew.
 */
export function checkLength({ length }: string): void {
  if (length <= longest) return;
  throw new CommandError('usage', `the line is too long: ${length} characters, at most ${longest}`);
}
