import type { Arguments } from '../command.ts';
import { wrong } from './filter.ts';

export interface Flags<Name extends string> {
  readonly flags: ReadonlySet<Name>;
  /** The other words. */
  readonly words: readonly string[];
}

/**
 * Options without values, wherever they stand and as people write them: `-i -v`, `-iv`, `--invert`. After `--` every word is a word. `known`
 * has the long name by the letter.
 */
export function readFlags<Name extends string>(
  { words }: Arguments,
  known: Readonly<Record<string, Name>>,
  usage: string,
): Flags<Name> {
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  const flags = new Set<Name>();
  const others: string[] = [];
  const names = Object.values(known);
  for (const word of words.slice(0, end)) {
    const letters = /^-([a-z]+)$/i.exec(word)?.[1];
    const long = /^--([a-z][a-z-]*)$/i.exec(word)?.[1];
    if (letters === undefined && long === undefined) {
      others.push(word);
      continue;
    }
    // A telephone makes two dashes of one.
    const isShort = letters !== undefined || names.every((name) => name !== long);
    const given = isShort ? Array.from(letters ?? long ?? '', (letter) => known[letter]) : [long];
    for (const each of given) {
      const name = names.find((candidate) => candidate === each);
      if (name === undefined)
        throw wrong(usage, `there is no option ${word}; a word that looks like one stands behind --`);
      flags.add(name);
    }
  }
  return { flags, words: [...others, ...words.slice(end + 1)] };
}
