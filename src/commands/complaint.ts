import { oneLine } from '../document/harmless.ts';
import { CommandError } from './command.ts';

/** A place in the words that were given: a word, and how many units of it stand before what is meant. */
export interface Spot {
  readonly index: number;
  readonly offset: number;
}

/** A command's words, for who wrote them wrong. */
export interface Written {
  readonly name: string;
  readonly usage: string;
  readonly words: readonly string[];
}

/** More is not shown to the left of the place. */
const reach = 60;
const maxWord = 40;

/**
 * A sentence, how to write it, and the words up to the wrong one with a caret under it. `hides` tells from where on a word is not repeated; what
 * comes behind the wrong word was not understood, and is not repeated either.
 */
export function complaint(
  message: string,
  { name, usage, words }: Written,
  spot: Spot | undefined,
  hides: (index: number) => number | undefined,
): CommandError {
  const lines = [message, `usage: ${usage}`];
  if (spot !== undefined) {
    const before = words.slice(0, spot.index).map((word, index) => showWord(word, 0, hides(index)));
    const { start, rest } = showParts(words[spot.index] ?? '', spot.offset, hides(spot.index));
    const left = Array.from([name, ...before, start].join(' '));
    const shown = left.length > reach ? ['…', ...left.slice(-reach)] : left;
    const more = spot.index + 1 < words.length ? ' …' : '';
    lines.push(`  ${shown.join('')}${rest}${more}`, `  ${' '.repeat(shown.length)}^`);
  }
  return new CommandError('usage', lines.join('\n'));
}

const showWord = (word: string, offset: number, hidden: number | undefined): string => {
  const { start, rest } = showParts(word, offset, hidden);
  return start + rest;
};

function showParts(
  word: string,
  offset: number,
  hidden: number | undefined,
): { readonly start: string; readonly rest: string } {
  const visible = hidden === undefined ? word : word.slice(0, hidden);
  const start = shown(visible.slice(0, offset));
  const rest = visible.slice(offset);
  if (hidden !== undefined) return { start, rest: `${shown(rest)}***` };
  return { start, rest: rest === '' || /[\s"'\\]/.test(rest) ? JSON.stringify(shown(rest)) : shown(rest) };
}

function shown(text: string): string {
  const line = Array.from(oneLine(text));
  return line.length > maxWord ? `${line.slice(0, maxWord).join('')}…` : line.join('');
}
