import { CommandError } from '../../commands/command.ts';
import type { CommandSet } from '../../commands/set.ts';
import { beforeMore } from '../closed.ts';
import { typedLine } from '../line.ts';
import { type Pipeline, readPipeline } from '../pipeline.ts';
import { withoutFirstMarks } from '../code.ts';
import { quoteWord } from '../quote.ts';
import { readWord } from '../words.ts';
import { fill, maxFilled, tooLong } from './fill.ts';
import type { Alias } from './kept.ts';

const maxDepth = 10;
/** One alias may hold several commands, and each of them be an alias again. */
const maxReplaced = 100;

/** What looks as if there were more than one command in a line. */
const operators = /[|>]|plan/i;

export interface Lookup {
  readonly commands: CommandSet;
  /** The alias of a name, for who said the line. */
  readonly find: (name: string) => Alias | undefined;
  /** Called with each alias that is replaced. */
  readonly used: (alias: Alias) => void;
}

/**
 * The line with each command of it that is an alias replaced, and those that come in by that, too. Undefined when there is none. Throws a
 * `CommandError` (`usage`).
 */
export function expandLine(said: string, { commands, find, used }: Lookup): string | undefined {
  let replaced = 0;

  const line = (text: string, chain: readonly string[]): string | undefined => {
    const pipeline = readPipeline(text);
    const stages = pipeline.stages.map((stage) => command(stage, chain));
    if (stages.every((stage) => stage === undefined)) return undefined;
    const joined = join(
      stages.map((stage, index) => stage ?? pipeline.stages[index] ?? ''),
      pipeline,
    );
    if (joined.length > maxFilled) throw tooLong();
    return joined;
  };

  const command = (typed: string, chain: readonly string[]): string | undefined => {
    const stage = withoutFirstMarks(typed);
    const first = readWord(stage, 0, true);
    if (first?.kind !== 'word') return undefined;
    const name = first.value.toLowerCase();
    const alias = find(name);
    if (alias === undefined || commands.find(typedLine(stage).head(commands.longest)) !== undefined) return undefined;
    const way = [...chain, name];
    if (chain.includes(name)) throw new CommandError('usage', `${name} is an alias of itself: ${way.join(' → ')}`);
    used(alias);
    replaced += 1;
    if (chain.length === maxDepth || replaced > maxReplaced) {
      throw new CommandError('usage', `too many aliases, one in the other: ${way.slice(0, 3).join(' → ')} …`);
    }
    const filled = fill(name, alias.line, stage.slice(first.end));
    return line(filled, way) ?? filled;
  };

  if (!operators.test(said)) return command(said, []);
  // Whose line it is keeps it as it is, and sees to what is in it.
  const first = commands.find(typedLine(said).head(commands.longest));
  return first?.command.takesLine === true ? undefined : line(said, []);
}

const join = (stages: readonly string[], { to, isPlan }: Pipeline): string =>
  [
    ...(isPlan ? ['--plan '] : []),
    stages
      .map((stage, index) => (index + 1 < stages.length || to !== undefined ? beforeMore(stage) : stage))
      .join(' | '),
    ...(to === undefined ? [] : [` > ${to.kind === 'me' ? 'me' : quoteWord(to.room)}`]),
  ].join('');
