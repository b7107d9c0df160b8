import { type Arguments, CommandError } from '../../commands/command.ts';
import type { CommandSet } from '../../commands/set.ts';
import { isQuote } from '../letters.ts';
import { typedLine } from '../line.ts';
import { readPipeline } from '../pipeline.ts';

const names = /^[a-z0-9_-]+$/;
const maxNameLength = 64;
const maxLineBytes = 4_096;

/** The name as it is kept. Throws a `CommandError` (`usage`) for what is none. */
export function readName(typed: string): string {
  const name = typed.toLowerCase();
  if (names.test(name) && name.length <= maxNameLength) return name;
  if (/^[a-z0-9_-]+=/.test(name)) throw equalSign();
  throw new CommandError('usage', 'the name of an alias is one word: letters from a to z, digits, - and _');
}

/**
 * The line behind the name, as typed. One that is quoted as a whole, as a shell wants it, is what stands in the quotes. Throws a `CommandError`
 * (`usage`) for one that is too long, and for one that begins as shells have it.
 */
export function lineOf(args: Arguments): string {
  const typed = args.after(1);
  if (/^=(?:\s|$)/.test(typed)) throw equalSign();
  const bytes = Buffer.byteLength(typed);
  if (bytes > maxLineBytes)
    throw new CommandError('usage', `the line is too long: ${bytes} bytes, at most ${maxLineBytes}`);
  return isQuote(typed.charAt(0)) && args.words.length === 2 ? (args.word(1) ?? typed) : typed;
}

/** The same. Throws a `CommandError` (`usage`) for what could never run under this name. */
export function readLine(args: Arguments, name: string): string {
  const line = lineOf(args);
  const words = readPipeline(line).stages.map((stage) => typedLine(stage).words[0] ?? '');
  if (words.some((word) => word.toLowerCase() === name)) {
    throw new CommandError('usage', `${name} cannot be an alias of itself`);
  }
  return line;
}

/** As shells have it. */
const equalSign = (): CommandError => new CommandError('usage', 'there is no = in it: alias gb list services');

/** The command that would be hidden by an alias of this name. */
export const hiddenBy = (name: string, { commands }: CommandSet): string | undefined => {
  const hides = (each: string): boolean => each.toLowerCase().split(' ', 1)[0] === name;
  const command = commands.find((each) => hides(each.name) || each.aliases?.some(hides) === true);
  return command?.name;
};

/** The first word of a line that nobody answers to at the moment. */
export function unknownIn(line: string, set: CommandSet): string | undefined {
  const typed = typedLine(readPipeline(line).stages[0] ?? '');
  return set.find(typed.head(set.longest)) === undefined ? typed.word(0) : undefined;
}
