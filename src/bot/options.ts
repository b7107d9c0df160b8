import { type Arguments, type Command, CommandError, type Option, type OptionValues } from '../commands/command.ts';

/** The options that were read, and how many words they took. */
export interface ReadOptions {
  readonly values: OptionValues;
  readonly words: number;
}

const none: ReadOptions = { values: {}, words: 0 };
const looksLike = /^--?(?<name>\p{L}[^=]*)(?:=(?<value>.*))?$/su;

/**
 * The options that stand right after a command's name: `--output raw`, `--output=raw`, `-o raw`. `--` ends them. A command that
 * declares none keeps all its words. Throws a `CommandError` (`usage`) for one that it does not declare, or that has no value.
 */
export function readOptions(command: Command, args: Arguments): ReadOptions {
  const { options } = command;
  if (options === undefined || options.length === 0) return none;
  const values: Record<string, string | boolean | readonly string[]> = {};
  let words = 0;
  for (;;) {
    const word = args.word(words);
    if (word === '--') return { values, words: words + 1 };
    const groups = word === undefined ? undefined : looksLike.exec(word)?.groups;
    if (groups === undefined) return { values, words };
    const option = declared(command, options, word ?? '', groups['name'] ?? '');
    words += 1;
    const attached = groups['value'];
    if (option.kind === 'boolean') {
      values[option.name] = booleanValue(option.name, attached);
      continue;
    }
    const value = attached ?? args.word(words);
    if (value === undefined) throw new CommandError('usage', `option --${option.name} needs a value`);
    if (attached === undefined) words += 1;
    const before = values[option.name];
    values[option.name] = option.kind === 'list' ? [...(Array.isArray(before) ? before : []), value] : value;
  }
}

function declared({ name: command }: Command, options: readonly Option[], word: string, name: string): Option {
  const option = options.find((each) => each.name === name || each.alias === name);
  if (option !== undefined) return option;
  const known = options.map((each) => `--${each.name}`).join(', ');
  const typed = word.startsWith('--') ? `--${name}` : `-${name}`;
  const helps = /^h(?:elp)?$/.test(name) ? `; say "help ${command}"` : '';
  throw new CommandError('usage', `there is no option ${typed}, only ${known}${helps}`);
}

function booleanValue(name: string, value: string | undefined): boolean {
  if (value === undefined || value === 'true') return true;
  if (value === 'false') return false;
  throw new CommandError('usage', `option --${name} is true or false, not ${value}`);
}
