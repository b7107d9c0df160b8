import { type Command, CommandError } from '../../commands/command.ts';
import type { CommandSet } from '../../commands/set.ts';
import { typedLine } from '../line.ts';
import type { Reading } from './reading.ts';

/**
 * Throws a `CommandError` (`failed`) when one of the commands that were found is another by now, or is not there any more. Rules go by names, and what
 * runs is the one that was found: whenever somebody was waited for in between, both must be about the same.
 */
export function checkSame({ command, filters, pipeline, request }: Reading, set: CommandSet): void {
  const { stages = [request.line] } = pipeline ?? {};
  for (const [index, typed] of stages.entries()) {
    const before = index === 0 ? command : filters[index - 1]?.command;
    if (before !== undefined) checkOne(before, commandIn(set, typed, index === 0));
  }
}

/** The command that a part of a line between pipes is for, where there is one. */
export function commandIn(set: CommandSet, typed: string, isFirst: boolean): Command | undefined {
  const words = typedLine(typed).head(isFirst ? set.longest : 1);
  return (isFirst ? set.find(words)?.command : undefined) ?? set.filter(words[0] ?? '');
}

function checkOne(before: Command, now: Command | undefined): void {
  if (now === before) return;
  const why =
    now === undefined
      ? 'nobody answers to it any more'
      : isLike(before, now)
        ? undefined
        : 'it has changed since it was asked for';
  if (why !== undefined) throw new CommandError('failed', `${before.name} was not run: ${why}. Ask again.`);
}

/** Made anew, as the registry has it made now and then, with all that it says of itself: names, source, effect, conditions. */
const isLike = (before: Command, now: Command): boolean => JSON.stringify(before) === JSON.stringify(now);
