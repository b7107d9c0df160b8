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

/** All names that begin with one word. */
interface Head {
  single: Found | undefined;
  /** By the whole name. */
  readonly more: Map<string, Found>;
  longest: number;
}

/** A set of these commands. Where two have a name or alias in common, the earlier one has it. */
export function commandSet(commands: readonly Command[], stale = false): CommandSet {
  const heads = new Map<string, Head>();
  let longest = 0;

  for (const command of commands) {
    for (const name of namesOf(command)) {
      const parts = name.split(' ');
      add(heads, parts, { command, words: parts.length });
      longest = Math.max(longest, parts.length);
    }
  }

  return {
    commands: [...commands].sort((one, other) => compare(one.name, other.name)),
    stale,
    longest,
    find: (words) => find(heads, words),
  };
}

/** Its name and its aliases, in lower case. */
export const namesOf = ({ name, aliases = [] }: Command): readonly string[] =>
  [name, ...aliases].map((each) => each.toLowerCase());

/** Compares as the bytes do, for sorting: the order does not depend on anybody's language. */
export const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function add(heads: Map<string, Head>, parts: readonly string[], found: Found): void {
  const [first = ''] = parts;
  const head: Head = heads.get(first) ?? { single: undefined, more: new Map(), longest: 1 };
  heads.set(first, head);
  const name = parts.join(' ');
  if (parts.length === 1) head.single ??= found;
  else if (!head.more.has(name)) head.more.set(name, found);
  head.longest = Math.max(head.longest, parts.length);
}

/** Every message passes here: one look for most, and never more than the longest name with this first word makes necessary. */
function find(heads: ReadonlyMap<string, Head>, words: readonly string[]): Found | undefined {
  const [first] = words;
  if (first === undefined) return undefined;
  const head = heads.get(first.toLowerCase());
  if (head === undefined) return undefined;
  for (let count = Math.min(head.longest, words.length); count > 1; count -= 1) {
    const found = head.more.get(words.slice(0, count).join(' ').toLowerCase());
    if (found !== undefined) return found;
  }
  return head.single;
}
