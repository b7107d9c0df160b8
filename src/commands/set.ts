import type { Command } from './command.ts';

/** The whole current set of commands. It is replaced as a whole, never changed. */
export interface CommandSet {
  /** Sorted by name; hidden ones too. */
  readonly commands: readonly Command[];
  /** True while the registry is out of reach and this is what was known before. */
  readonly stale: boolean;
  /** The command whose name or alias is the longest run of first words (any case), with the number of words it took. */
  find(words: readonly string[]): { readonly command: Command; readonly words: number } | undefined;
  /** How many words the longest name has: looking further is of no use. */
  readonly longest: number;
}
