import type { Command } from './command.ts';
import { cutVersion, findVersion, noVersion, refusing } from './versions.ts';

export interface Found {
  readonly command: Command;
  readonly words: number;
  /** The version that was asked for is not there: a sentence that says so, as the command does when it is run. */
  readonly missing?: string;
}

/** Its name and its aliases, in lower case. */
export function namesOf({ name, aliases = [] }: Command): readonly string[] {
  const own = name.toLowerCase();
  return aliases.length === 0 ? [own] : [own, ...aliases.map((alias) => alias.toLowerCase())];
}

/** Commands by their names. It is filled by whoever makes it, and does not change when others look at it. */
export interface NameIndex {
  /** Names of one word are by far the most, so they are kept lean: a message then touches little memory, however many there are. */
  readonly single: Map<string, Found>;
  /** By the first word. */
  readonly longer: Map<string, Longer>;
}

/** The names of several words that begin with one word. */
interface Longer {
  /** By the whole name. */
  readonly byName: Map<string, Found>;
  /** How many words the longest has, or had: looking further is of no use. */
  longest: number;
}

/** Where two have a name in common, the earlier one has it. Filters are not in it: they are found behind a pipe, and there alone. */
export function nameIndex(commands: readonly Command[]): NameIndex {
  const index: NameIndex = { single: new Map(), longer: new Map() };
  for (const command of commands) {
    if (command.filter === undefined) for (const name of namesOf(command)) add(index, name, command);
  }
  return index;
}

/** How many words the longest name has. */
export const longestIn = ({ single, longer }: NameIndex): number =>
  Math.max(single.size > 0 ? 1 : 0, ...[...longer.values()].map(({ longest }) => longest));

/** The same without the names of some commands, which nobody else wants, and with those of others, which nobody else has. */
export function exchangeNames(
  { single, longer }: NameIndex,
  gone: readonly Command[],
  come: readonly Command[],
): NameIndex {
  const left = gone.flatMap(namesOf);
  const index: NameIndex = { single: new Map(single), longer: new Map(longer) };
  for (const first of new Set([...left, ...come.flatMap(namesOf)].map(firstWord))) {
    const known = longer.get(first);
    if (known !== undefined) index.longer.set(first, { ...known, byName: new Map(known.byName) });
  }
  for (const name of left) {
    index.single.delete(name);
    const first = firstWord(name);
    const known = index.longer.get(first);
    if (known?.byName.delete(name) === true && known.byName.size === 0) index.longer.delete(first);
  }
  for (const command of come) for (const name of namesOf(command)) add(index, name, command);
  return index;
}

const firstWord = (name: string): string => name.split(' ', 1).join('');

function add({ single, longer }: NameIndex, name: string, command: Command): void {
  const end = name.indexOf(' ');
  if (end === -1) {
    if (!single.has(name)) single.set(name, { command, words: 1 });
    return;
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
}

/** Every message passes here: one look for most, and never more than the longest name with this first word makes necessary. */
export function findName({ single, longer }: NameIndex, words: readonly string[]): Found | undefined {
  const [first] = words;
  if (first === undefined) return undefined;
  // Most write a name as it is kept: then no other text has to be made of it.
  const exact = single.get(first);
  const head = exact === undefined ? first.toLowerCase() : first;
  const more = words.length === 1 ? undefined : longer.get(head);
  const most = Math.min(more?.longest ?? 0, words.length);
  for (let count = most; count > 1; count -= 1) {
    const found = more?.byName.get(words.slice(0, count).join(' ').toLowerCase());
    // Words that were quoted together are no words of a name: others would be left out for them.
    if (found?.words === count) return found;
  }
  for (let count = most; count > 1; count -= 1) {
    const found = ofVersion(words.slice(0, count), more?.byName);
    if (found?.words === count) return found;
  }
  return exact ?? single.get(head) ?? (head.includes('@') ? ofVersion([first], single) : undefined);
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
