import type { Command } from './command.ts';

/** The whole current set of commands. It is replaced as a whole, never changed. */
export interface CommandSet {
  /** Sorted by name; hidden ones too. */
  readonly commands: readonly Command[];
  /** True while the registry is out of reach and this is what was known before. */
  readonly stale: boolean;
  /** The command whose name or alias is the longest run of first words (any case), with the number of words it took. */
  find(words: readonly string[]): Found | undefined;
  /** How many words the longest name has: looking further is of no use. */
  readonly longest: number;
}

export interface Found {
  readonly command: Command;
  readonly words: number;
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
export function commandSet(commands: readonly Command[], stale = false): CommandSet {
  const index: Index = { single: new Map(), longer: new Map() };
  let longest = 0;

  for (const command of commands) {
    for (const name of namesOf(command)) {
      const parts = name.split(' ');
      add(index, parts, { command, words: parts.length });
      longest = Math.max(longest, parts.length);
    }
  }

  return {
    commands: [...commands].sort((one, other) => compare(one.name, other.name)),
    stale,
    longest,
    find: (words) => find(index, words),
  };
}

/** Its name and its aliases, in lower case. */
export const namesOf = ({ name, aliases = [] }: Command): readonly string[] =>
  [name, ...aliases].map((each) => each.toLowerCase());

/** Compares as the bytes do, for sorting: the order does not depend on anybody's language. */
export const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function add({ single, longer }: Index, parts: readonly string[], found: Found): void {
  const [first = ''] = parts;
  if (parts.length === 1) {
    if (!single.has(first)) single.set(first, found);
    return;
  }
  const known: Longer = longer.get(first) ?? { byName: new Map(), longest: 0 };
  longer.set(first, known);
  const name = parts.join(' ');
  if (!known.byName.has(name)) known.byName.set(name, found);
  known.longest = Math.max(known.longest, parts.length);
}

/** Every message passes here: one look for most, and never more than the longest name with this first word makes necessary. */
function find({ single, longer }: Index, words: readonly string[]): Found | undefined {
  const [first] = words;
  if (first === undefined) return undefined;
  const head = first.toLowerCase();
  const more = longer.get(head);
  for (let count = Math.min(more?.longest ?? 0, words.length); count > 1; count -= 1) {
    const found = more?.byName.get(words.slice(0, count).join(' ').toLowerCase());
    if (found !== undefined) return found;
  }
  return single.get(head);
}
