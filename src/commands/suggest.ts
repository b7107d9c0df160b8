import { mistakes } from './mistakes.ts';
import type { CommandSet } from './set.ts';
import { namesOf } from './name-index.ts';

/** `deploy@1.1.0`: behind a name it is no typing mistake. */
const version = /@\S*/;

/** Longer words are no typing mistake of a name. */
const maxLength = 48;

/** What other programs know and this language does not, and what there is in its place. */
const elsewhere: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\s)[|>](?![|>=])\S|(?<![\s|])\|(?!\|)/, '| and > stand between spaces: list services | grep billing'],
  [/\s(?:&&|\|\|)\s|;\s|^\s*(\S+)\s[^\n]*\n\s*\1\s/i, 'a message is one command: say each in a message of its own'],
  [/\s<<-?\w/, 'text of several lines stands between two rows of three backquotes'],
];
const quoted = /"[^"]*"|'[^']*'|`[^`]*`/g;

export interface Candidate {
  readonly name: string;
  readonly meant: string;
  /** `lettersOf(name)`, where many are compared with one word. */
  readonly letters?: number;
}

/** What can be meant by a set's commands, as far as they are shown: by whole names, by first words alone, and exactly by any further word. */
interface Candidates {
  readonly names: readonly Candidate[];
  readonly heads: readonly Candidate[];
  readonly tails: ReadonlyMap<string, string>;
}

/** A set never changes, and people mistype more often than services come and go. */
const known = new WeakMap<CommandSet, Candidates>();

/** The name of the command a person may have meant with `typed`: one or more words that find no command. */
export function suggest(set: CommandSet, typed: string): string | undefined {
  const { names, heads, tails } = candidatesOf(set);
  const text = typed.replace(version, '');
  // `lst`, or `lst services now`: the first word alone may be the wrong one, or not have been finished.
  const first = firstWord(text);
  const lower = first.toLowerCase();
  // `services` means `list services`.
  return nearest(names, text) ?? nearest(heads, first) ?? beginning(heads, lower) ?? tails.get(lower);
}

const beginning = (candidates: readonly Candidate[], start: string): string | undefined =>
  start.length < 2 ? undefined : candidates.find(({ name }) => name.startsWith(start))?.meant;

/**
 * What helps somebody who wrote a line as other programs want it, as further lines; empty for other lines. For lines that did not work out: in others
 * it was meant as it is.
 */
export function elsewhereHint(line: string): string {
  const bare = line.replaceAll(quoted, '');
  return elsewhere.flatMap(([sign, hint]) => (sign.test(bare) ? [`\n${hint}`] : [])).join('');
}

/** The candidate that is a few typing mistakes away, or undefined when none is near enough. The first of equals wins. */
export function nearest(candidates: readonly Candidate[], text: string): string | undefined {
  const word = text.toLowerCase();
  if (word === '' || word.length > maxLength) return undefined;
  let best: string | undefined;
  let limit = Math.max(1, Math.min(3, Math.floor(word.length / 3)));
  const own = lettersOf(word);
  for (const { name, meant, letters } of candidates) {
    // One mistake brings in one letter at most and takes out one at most.
    if (letters !== undefined && bits(letters ^ own) > 2 * limit) continue;
    const made = mistakes(word, name, limit);
    // A word that shares nothing with the name is no mistake for it, however short both are.
    if (made <= limit && made < Math.max(word.length, name.length)) {
      best = meant;
      limit = made - 1;
    }
  }
  return best;
}

function candidatesOf(set: CommandSet): Candidates {
  const before = known.get(set);
  if (before !== undefined) return before;
  const names: Candidate[] = [];
  const heads = new Map<string, Candidate>();
  const tails = new Map<string, string>();
  for (const command of set.commands) {
    // At the front it would be of no use.
    if (command.filter !== undefined) continue;
    if (command.hidden === true) continue;
    const { name: meant } = command;
    for (const name of namesOf(command)) names.push({ name, meant, letters: lettersOf(name) });
    const name = firstWord(meant);
    if (!heads.has(name)) heads.set(name, { name, meant, letters: lettersOf(name) });
    for (const word of meant.split(' ').slice(1)) if (!tails.has(word)) tails.set(word, meant);
  }
  const candidates = { names, heads: [...heads.values()], tails };
  known.set(set, candidates);
  return candidates;
}

const firstWord = (text: string): string => text.split(' ', 1)[0] ?? text;

/** Which letters a word has: a bit for each, shared by some. */
function lettersOf(word: string): number {
  let letters = 0;
  for (let index = 0; index < word.length; index += 1) letters |= 1 << (word.charCodeAt(index) & 31);
  return letters;
}

function bits(letters: number): number {
  let count = 0;
  for (let left = letters; left !== 0; left &= left - 1) count += 1;
  return count;
}
