import type { Access, Wish } from '../../access/access.ts';
import { type Caller, type Command, CommandError } from '../../commands/command.ts';
import type { Plan } from '../../commands/plan.ts';
import type { CommandSet } from '../../commands/set.ts';
import type { Log } from '../../log/log.ts';
import { failure } from '../answers.ts';
import { find, findFilters, planOf } from './compile.ts';
import { concealing } from './conceal.ts';
import { decide, wishOf } from './gate.ts';
import { inTime } from '../../async/in-time.ts';
import { pipelineOf, planningMs } from './prepare.ts';
import type { Checked } from '../schedule/maker.ts';
import { commandIn } from './replaced.ts';
import { checkLength, doubtfulIn, secretsOf } from './secrets.ts';

export interface CheckOptions {
  readonly commands: () => CommandSet;
  readonly access: Access | undefined;
  /** The line that is meant, names that people made replaced. */
  readonly expand: (line: string, caller: Caller) => string;
  readonly log: Log;
}

/** Looks at lines without running them. */
export interface Check {
  /** What a line would be asked for, or a sentence when it is no command. What is missing of its arguments counts as not given. */
  wish(line: string, caller: Caller): Promise<Wish | string>;
  /** What of a line nobody may see again. Whether it could be run is another question. Rejects with a `CommandError` (`usage`) for one that nobody can tell it of. */
  secrets(line: string, caller: Caller): Promise<readonly string[]>;
  /** Whether there is a command of a line's name at the moment, names that people made left aside. */
  isAnswered(line: string): boolean;
  /** What a line means now, why it could not be run now, as a sentence, and whether there are secrets in it. */
  line(line: string, caller: Caller): Promise<Checked>;
}

export function createCheck({ commands, access, expand, log }: CheckOptions): Check {
  const look = async (
    line: string,
    caller: Caller,
    isWhole: boolean,
  ): Promise<readonly [readonly Wish[], Plan | undefined]> => {
    const set = commands();
    const pipeline = pipelineOf(set, line);
    const found = find(set, pipeline === undefined ? line : (pipeline.stages[0] ?? ''), caller);
    if (found.command === undefined)
      throw new CommandError('not_found', `there is no command ${JSON.stringify(found.words[0])}`);
    const filters = pipeline === undefined ? [] : await findFilters(set, pipeline, caller);
    const behind = filters.map(({ command }) => wishOf(command));
    // Of a command alone nobody knows more than it says of itself.
    const isBare = !isWhole && found.planned.args.after(0) === '';
    if (isBare) return [[wishOf(found.command), ...behind], undefined];
    try {
      const plan = await inTime(Promise.resolve(planOf(found)), planningMs);
      return [[wishOf(found.command, plan), ...behind], plan];
    } catch (error) {
      if (isWhole || !(error instanceof CommandError) || error.code !== 'usage') throw error;
      return [[wishOf(found.command), ...behind], undefined];
    }
  };

  return {
    async wish(line, caller) {
      try {
        const [[first]] = await look(expand(line, caller), caller, false);
        return first ?? 'there is no command';
      } catch (error) {
        return wordsFor(error);
      }
    },
    async secrets(line, caller) {
      checkLength(line);
      // Where nobody can tell what it means, nobody can tell what of it is secret.
      return secretsOf(expand(line, caller), commands(), caller);
    },
    isAnswered(line) {
      const set = commands();
      try {
        const { stages: [first = ''] = [line] } = pipelineOf(set, line) ?? {};
        return commandIn(set, first, true) !== undefined;
      } catch {
        // What cannot be read is told when it runs.
        return true;
      }
    },
    async line(typed, caller) {
      let line = typed;
      try {
        line = expand(typed, caller);
        const [wishes, plan] = await look(line, caller, true);
        const isMasked = concealing(plan?.secrets ?? [])(line) !== line;
        if (!isMasked && plan !== undefined && (await doubtfulIn(plan)).length > 0) {
          return { line, refused: `${plan.target?.service ?? 'its service'} ${isAway}`, isMasked };
        }
        for (const wish of wishes) {
          const decision = await decide(access, wish, caller, log);
          if (!decision.isAllowed) return { line, refused: decision.why, isMasked };
        }
        return { line, refused: undefined, isMasked };
      } catch (error) {
        return { line, refused: wordsFor(error), isMasked: false };
      }
    },
  };
}

/** Whether somebody may run a command with some arguments or others: what depends on them is not known yet. */
export function mayRun(access: Access, log: Log): (command: Command, caller: Caller) => boolean | Promise<boolean> {
  return (command, caller) => {
    const wish: Wish = { ...wishOf(command), isDraft: true };
    const decision = decide(access, wish, caller, log);
    return decision instanceof Promise ? decision.then(({ isAllowed }) => isAllowed) : decision.isAllowed;
  };
}

const isAway = 'is not there, so nobody can tell what of the line is secret, and secrets are not kept';

/** Without the mark of a failure: it stands in a sentence of somebody else's. */
const wordsFor = (error: unknown): string => (error instanceof CommandError ? error.message : failure(error));
