import { ConfigError } from './error.ts';
import type { Flag, Given } from './flag.ts';

/** A command line taken apart: plain words in their order, and flags wherever they stood. */
export interface CommandLine {
  readonly words: readonly string[];
  readonly given: Given;
}

/**
 * Reads flags the way Go does: `-flag` and `--flag`, a value after `=` or as the next word, booleans without a value, and `--`
 * before words that only look like flags. Flags and words may be mixed. `flagsOf` tells the flags that are known after these words,
 * so that a command's flags count from its name on; it may be asked with the same words again. Throws a `ConfigError` (`usage`).
 */
export async function parseCommandLine(
  argv: readonly string[],
  flagsOf: (words: readonly string[]) => Promise<readonly Flag[]>,
): Promise<CommandLine> {
  const words: string[] = [];
  const given = new Map<string, readonly string[]>();
  const pending = [...argv];
  for (let word = pending.shift(); word !== undefined; word = pending.shift()) {
    if (word === '--') {
      words.push(...pending);
      break;
    }
    if (!/^-./s.test(word)) {
      words.push(word);
      continue;
    }
    const [, name = '', value] = /^--?([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    const flag = findFlag(await flagsOf(words), name);
    if (flag === undefined) throw unknown(word, name);
    const text = value ?? (flag.kind === 'boolean' ? 'true' : pending.shift());
    if (text === undefined) throw new ConfigError('usage', `flag needs an argument: -${name}`);
    given.set(flag.name, flag.kind === 'list' ? [...(given.get(flag.name) ?? []), text] : [text]);
  }
  return { words, given };
}

const findFlag = (flags: readonly Flag[], name: string): Flag | undefined =>
  flags.find((flag) => flag.name === name || flag.alias === name);

function unknown(word: string, name: string): ConfigError {
  if (name === '' || name.startsWith('-')) return new ConfigError('usage', `bad flag syntax: ${word}`);
  return new ConfigError('usage', `flag provided but not defined: -${name}`);
}
