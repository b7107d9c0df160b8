import type { Arguments } from '../commands/command.ts';

/** The words a shell has split already. */
export const shellArguments = (words: readonly string[]): Arguments => ({
  words,
  word: (index) => words[index],
  after: (count) => words.slice(count).join(' '),
});
