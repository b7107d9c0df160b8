import type { Entry, Group, Leaf } from './tree.ts';

/** Where words lead. `path` starts with the root. */
export type Place =
  | { readonly kind: 'group'; readonly path: readonly string[]; readonly group: Group }
  | { readonly kind: 'leaf'; readonly path: readonly string[]; readonly leaf: Leaf; readonly rest: readonly string[] }
  /** `help` stood among the words: show the help of `entry`. */
  | { readonly kind: 'help'; readonly path: readonly string[]; readonly entry: Entry }
  /** `word` is nothing in `group`; `asked` when its help was asked for. */
  | {
      readonly kind: 'unknown';
      readonly path: readonly string[];
      readonly group: Group;
      readonly word: string;
      readonly asked: boolean;
    };

const helpWords: readonly string[] = ['help', 'h'];

export function resolve(root: Group, words: readonly string[]): Place {
  let group = root;
  let asked = false;
  const path = [root.name];
  for (const [index, word] of words.entries()) {
    if (!asked && helpWords.includes(word)) {
      asked = true;
      continue;
    }
    const entry = findEntry(group.entries, word);
    if (entry === undefined) return { kind: 'unknown', path, group, word, asked };
    path.push(entry.name);
    if (entry.kind === 'leaf') return reach(entry, path, words.slice(index + 1), asked);
    group = entry;
  }
  return asked ? { kind: 'help', path, entry: group } : { kind: 'group', path, group };
}

/** A leaf may have others behind it; any other word is its own. */
function reach(leaf: Leaf, path: readonly string[], rest: readonly string[], asked: boolean): Place {
  const [word = '', ...more] = rest;
  if (leaf.entries !== undefined && !asked && helpWords.includes(word)) return reach(leaf, path, more, true);
  const behind = findEntry(leaf.entries ?? [], word);
  if (behind !== undefined) return reach(behind, [...path, behind.name], more, asked);
  return asked ? { kind: 'help', path, entry: leaf } : { kind: 'leaf', path, leaf, rest };
}

const findEntry = <E extends Entry>(entries: readonly E[], word: string): E | undefined =>
  entries.find(({ name, aliases = [] }) => name === word || aliases.includes(word));
