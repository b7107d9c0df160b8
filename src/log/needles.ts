/** Replaces in a text whatever of some words is in it, the longer one of those that begin at the same place. */
export type Replacing = (text: string, mark: string) => string;

/** A word of fewer characters counts only where it stands alone, or every line would be full of holes. */
const leastWithin = 4;
/** What is longer the engine does not make fast, and what is much longer it refuses with an error that holds all of it. */
const longestPattern = 16_000;
/** The engine looks for one long word faster than for its parts. */
const longestOfMany = 256;
/** Of how many characters words are told apart by, at most. */
const heads = [64, 16, 4, 3, 2, 1] as const;

export function replacing(words: readonly string[]): Replacing {
  const known = [...new Set(words)].filter((word) => word !== '').sort((one, other) => other.length - one.length);
  if (known.length === 0) return (text) => text;
  const length = known.reduce((sum, word) => sum + word.length, 0);
  if (length <= longestPattern) return byPattern(known);
  const long = known.filter((word) => word.length > longestOfMany);
  const others = byHeads(known.slice(long.length));
  return (text, mark) =>
    others(
      long.reduce((left, word) => left.replaceAll(word, () => mark), text),
      mark,
    );
}

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

function byPattern(known: readonly string[]): Replacing {
  const pattern = known.map((word) =>
    word.length < leastWithin ? String.raw`(?<!\w)${escapeRegExp(word)}(?!\w)` : escapeRegExp(word),
  );
  const all = new RegExp(pattern.join('|'), 'g');
  return (text, mark) => text.replace(all, mark);
}

/** However many there are, and however long: each place of a text is looked up once for each length of a head. */
function byHeads(known: readonly string[]): Replacing {
  const tables = heads.map((size) => ({ size, byHead: new Map<string, string[]>() }));
  for (const word of known) {
    const { size, byHead } = tables.find((table) => table.size <= word.length) ?? { size: 0, byHead: new Map() };
    const head = word.slice(0, size);
    const same = byHead.get(head);
    if (same === undefined) byHead.set(head, [word]);
    else same.push(word);
  }
  const used = tables.filter(({ byHead }) => byHead.size > 0);
  const wordAt = (text: string, at: number): string | undefined => {
    for (const { size, byHead } of used) {
      const found = byHead.get(text.slice(at, at + size))?.find((word) => isAt(word, text, at));
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return (text, mark) => {
    let replaced = '';
    let done = 0;
    for (let at = 0; at < text.length; at += 1) {
      const word = wordAt(text, at);
      if (word === undefined) continue;
      replaced += text.slice(done, at) + mark;
      done = at + word.length;
      at = done - 1;
    }
    return replaced + text.slice(done);
  };
}

function isAt(word: string, text: string, at: number): boolean {
  if (!text.startsWith(word, at)) return false;
  if (word.length >= leastWithin) return true;
  return !/\w/.test(text.charAt(at - 1)) && !/\w/.test(text.charAt(at + word.length));
}
