import type { CommandSet } from './set.ts';
import { namesOf } from './set.ts';

/** Longer words are no typing mistake of a name. */
const maxLength = 48;

/** The name of the command a person may have meant with `text`: one or more words that find no command. */
export function suggest(set: CommandSet, text: string): string | undefined {
  const shown = set.commands.filter(({ hidden }) => hidden !== true);
  const byName = nearest(
    shown.flatMap((command) => namesOf(command).map((name) => ({ name, meant: command.name }))),
    text,
  );
  if (byName !== undefined) return byName;
  // `lst`, or `lst services now`: the first word alone may be the wrong one.
  return nearest(
    shown.map(({ name }) => ({ name: name.split(' ', 1)[0] ?? name, meant: name })),
    text.split(' ', 1)[0] ?? text,
  );
}

/** The candidate that is a few typing mistakes away, or undefined when none is near enough. The first of equals wins. */
export function nearest(
  candidates: readonly { readonly name: string; readonly meant: string }[],
  text: string,
): string | undefined {
  const word = text.toLowerCase();
  if (word === '' || word.length > maxLength) return undefined;
  let best: string | undefined;
  let limit = word.length <= 2 ? 1 : Math.min(3, Math.floor(word.length / 3) + 1);
  for (const { name, meant } of candidates) {
    if (Math.abs(name.length - word.length) > limit) continue;
    const mistakes = distance(word, name, limit);
    // A word that shares nothing with the name is no mistake for it, however short both are.
    if (mistakes <= limit && mistakes < Math.max(word.length, name.length)) {
      best = meant;
      limit = mistakes - 1;
    }
  }
  return best;
}

/** How many letters have to be put in, left out, replaced or swapped with the next. Beyond `limit` any larger number. */
function distance(one: string, other: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current.push(
        Math.min(
          at(last, column) + 1,
          at(current, column - 1) + 1,
          at(last, column - 1) + (same ? 0 : 1),
          swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    if (Math.min(...current) > limit) return limit + 1;
    beforeLast = last;
    last = current;
  }
  return at(last, other.length);
}

const at = (row: readonly number[], column: number): number => row[column] ?? Number.POSITIVE_INFINITY;
