import type { Command } from './command.ts';
import { exchangeNames, type Found, findName, longestIn, type NameIndex, nameIndex } from './name-index.ts';
import type { Problem } from './problem.ts';

/** The whole current set of commands. It is replaced as a whole, never changed. */
export interface CommandSet {
  /** Sorted by name; hidden ones too. */
  readonly commands: readonly Command[];
  /** True while the registry is out of reach and this is what was known before. */
  readonly stale: boolean;
  /** Who cannot be reached as intended, and why. */
  readonly problems: readonly Problem[];
  /**
   * The command whose name or alias is the longest run of first words (any case), with the number of words it took. A version may stand
   * behind the name: `deploy@1.1.0`.
   */
  find(words: readonly string[]): Found | undefined;
  /** The filter of this name, in any case, for what stands behind a pipe. */
  filter(name: string): Command | undefined;
  /** How many words the longest name has: looking further is of no use. */
  readonly longest: number;
}

/** What its successor has in common with a set need not be made again. */
export interface GrowingSet extends CommandSet {
  /** Without some of its commands, whose names nobody else wants, and with others, whose names nobody else has. */
  exchange(gone: readonly Command[], come: readonly Command[], problems: readonly Problem[]): GrowingSet;
  /** The same commands, when the registry was lost or is back. */
  mark(stale: boolean): GrowingSet;
}

/** A set of these commands. Where two have a name or alias in common, the earlier one has it. */
export const commandSet = (
  commands: readonly Command[],
  stale = false,
  problems: readonly Problem[] = [],
): GrowingSet => growing(commands, nameIndex(commands), stale, problems);

/** Compares as the bytes do, for sorting: the order does not depend on anybody's language. */
export const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function growing(all: readonly Command[], index: NameIndex, stale: boolean, problems: readonly Problem[]): GrowingSet {
  let sorted: readonly Command[] | undefined;
  let filters: ReadonlyMap<string, Command> | undefined;
  return {
    get commands() {
      // Many sets are replaced before anybody wants to see them.
      sorted ??= [...all].sort((one, other) => compare(one.name, other.name));
      return sorted;
    },
    stale,
    problems,
    longest: longestIn(index),
    filter(name) {
      filters ??= new Map(all.flatMap((each) => (each.filter === undefined ? [] : [[each.name, each] as const])));
      return filters.get(name.toLowerCase());
    },
    find: (words) => findName(index, words),
    exchange(gone, come, now) {
      const rest = all.filter((command) => !gone.includes(command));
      return growing([...rest, ...come], exchangeNames(index, gone, come), stale, now);
    },
    mark: (now) => growing(all, index, now, problems),
  };
}
