import type { Command } from './command.ts';
import type { Problem } from './problem.ts';
import { cutVersion, findVersion, noVersion, refusing } from './versions.ts';

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
  /** How many words the longest name has: looking further is of no use. */
  readonly longest: number;
}

export interface Found {
  readonly command: Command;
  readonly words: number;
  /** The version that was asked for is not there: a sentence that says so, as the command does when it is run. */
  readonly missing?: string;
}

/** The names of several words that begin with one word. */
interface Longer {
  /** By the whole name. */
  readonly byName: Map<string, Found>;
  longest: number;
}

/** Names of one word are by far the most, so they are kept lean: a message then touches little memory, however many there are. */
interface Index {
  readonly single: Map<string, Found>;
  /** By the first word. */
  readonly longer: Map<string, Longer>;
}

/** A set of these commands. Where two have a name or alias in common, the earlier one has it. */
export function commandSet(commands: readonly Command[], stale = false, problems: readonly Problem[] = []): CommandSet {
  const index: Index = { single: new Map(), longer: new Map() };
  let longest = 0;

  for (const command of commands) {
    for (const name of namesOf(command)) longest = Math.max(longest, add(index, name, command));
  }

  let sorted: readonly Command[] | undefined;
  return {
    get commands() {
      // Many sets are replaced before anybody wants to see them.
      sorted ??= [...commands].sort((one, other) => compare(one.name, other.name));
      return sorted;
    },
    stale,
    problems,
    longest,
    find: (words) => find(index, words),
  };
}

/** The same commands, when the registry was lost or is back. */
export const remarked = (set: CommandSet, stale: boolean): CommandSet => ({
  get commands() {
    return set.commands;
  },
  stale,
  problems: set.problems,
  longest: set.longest,
  find: (words) => set.find(words),
});

/** Its name and its aliases, in lower case. */
export function namesOf({ name, aliases = [] }: Command): readonly string[] {
  const own = name.toLowerCase();
  return aliases.length === 0 ? [own] : [own, ...aliases.map((alias) => alias.toLowerCase())];
}

/** Compares as the bytes do, for sorting: the order does not depend on anybody's language. */
export const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** How many words the name has. */
function add({ single, longer }: Index, name: string, command: Command): number {
  const end = name.indexOf(' ');
  if (end === -1) {
    if (!single.has(name)) single.set(name, { command, words: 1 });
    return 1;
  }
  const words = name.split(' ').length;
  const first = name.slice(0, end);
  let known = longer.get(first);
  if (known === undefined) {
    known = { byName: new Map(), longest: 0 };
    longer.set(first, known);
  }
  if (!known.byName.has(name)) known.byName.set(name, { command, words });
  known.longest = Math.max(known.longest, words);
  return words;
}

/** Every message passes here: one look for most, and never more than the longest name with this first word makes necessary. */
function find({ single, longer }: Index, words: readonly string[]): Found | undefined {
  const [first] = words;
  if (first === undefined) return undefined;
  const head = first.toLowerCase();
  const more = longer.get(head);
  const most = Math.min(more?.longest ?? 0, words.length);
  for (let count = most; count > 1; count -= 1) {
    const found = more?.byName.get(words.slice(0, count).join(' ').toLowerCase());
    if (found !== undefined) return found;
  }
  for (let count = most; count > 1; count -= 1) {
    const found = ofVersion(words.slice(0, count), more?.byName);
    if (found !== undefined) return found;
  }
  return single.get(head) ?? (head.includes('@') ? ofVersion([first], single) : undefined);
}

/** `deploy@1.1.0`. Whoever has no versions keeps the words as they are. */
function ofVersion(words: readonly string[], names: ReadonlyMap<string, Found> | undefined): Found | undefined {
  const asked = cutVersion(words);
  const command = asked === undefined ? undefined : names?.get(asked.name)?.command;
  if (asked === undefined || command?.versions === undefined) return undefined;
  const found = findVersion(command.versions, asked.version);
  if (found !== undefined) return { command: found.command, words: words.length };
  const missing = noVersion(command, asked.version);
  return { command: refusing(command, missing), words: words.length, missing };
}
