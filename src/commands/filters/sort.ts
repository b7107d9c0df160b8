import type { Document } from '../../document/document.ts';
import type { Steps } from '../../document/steps.ts';
import type { Command } from '../command.ts';
import { compare } from '../set.ts';
import { shorten } from '../declared.ts';
import { filterCommand, wrong } from './filter.ts';
import { readFlags } from './flags.ts';
import { answerRows, changeLeaves, leavesOf } from './leaves.ts';
import type { Leaf, Rows } from './rows.ts';

const usage = 'sort [-r] [-n] [column]';

interface Wanted {
  readonly isReversed: boolean;
  readonly isNumeric: boolean;
  /** Empty: by the whole row. */
  readonly column: string;
}

export const sort: Command = filterCommand<Wanted>({
  name: 'sort',
  usage,
  description: 'Puts rows in order, by a [column] where there are columns',
  examples: ['list nodes | sort version', 'list services --versions | sort -rn nodes'],
  details: [
    'column - its title, or its number from 1; of JSON objects the name of a member',
    '-r, --reverse - the last first',
    '-n, --numeric - by the numbers that stand first; what has none comes last',
  ],
  read(args) {
    const { flags, words } = readFlags(args, { r: 'reverse', n: 'numeric' }, usage);
    return { isReversed: flags.has('reverse'), isNumeric: flags.has('numeric'), column: words.join(' ') };
  },
  *apply(document, wanted) {
    const rows = yield* answerRows(leavesOf(document));
    const columns: (string | undefined)[] = [];
    for (const own of rows) columns.push(own === undefined ? undefined : yield* columnOf(own, wanted.column));
    if (wanted.column !== '' && rows.length > 0 && columns.every((column) => column === undefined)) {
      const known = new Set<string>();
      for (const own of rows) if (own !== undefined) for (const title of yield* own.columns()) known.add(title);
      const only = known.size === 0 ? 'there are no columns' : `only ${shorten([...known].join(', '))}`;
      throw wrong(usage, `there is no column ${shorten(wanted.column)}: ${only}`);
    }
    return yield* changeLeaves(document, (leaf, index) => order(leaf, rows[index], columns[index], wanted));
  },
});

function* order(
  leaf: Leaf,
  rows: Rows | undefined,
  column: string | undefined,
  wanted: Wanted,
): Steps<Document | undefined> {
  if (rows === undefined || rows.kind === 'whole' || rows.count < 2) return leaf;
  if (wanted.column !== '' && column === undefined) return leaf;
  const keys: (Key | undefined)[] = [];
  for (let row = 0; row < rows.count; row += 1) {
    if (row % together === together - 1) yield;
    keys.push(keyOf(column === undefined ? rows.text(row) : rows.cell(row, column), wanted.isNumeric));
  }
  return yield* rows.take(yield* sorted([...keys.keys()], comparing(keys, wanted.isReversed)));
}

/** So many rows are one step. */
const together = 64;

/** The column that is meant, as it is called. */
function* columnOf(rows: Rows, wanted: string): Steps<string | undefined> {
  if (wanted === '') return undefined;
  const columns = yield* rows.columns();
  const word = wanted.toLowerCase();
  const titled = columns.find((title) => title.toLowerCase() === word);
  return titled ?? (/^\d{1,4}$/.test(word) ? columns[Number(word) - 1] : undefined);
}

interface Key {
  readonly number: number;
  readonly folded: string;
  readonly text: string;
}

/** Undefined: there is nothing to compare. */
function keyOf(text: string | undefined, isNumeric: boolean): Key | undefined {
  if (text === undefined) return undefined;
  const number = isNumeric ? Number.parseFloat(text.trimStart()) : 0;
  return Number.isNaN(number) ? undefined : { number, folded: text.toLowerCase(), text };
}

type Compare = (left: number, right: number) => number;

/** What has nothing to compare comes last, whichever way round. */
function comparing(keys: readonly (Key | undefined)[], isReversed: boolean): Compare {
  const sign = isReversed ? -1 : 1;
  return (left, right) => {
    const [one, other] = [keys[left], keys[right]];
    if (one === undefined || other === undefined) {
      return one === other ? left - right : one === undefined ? 1 : -1;
    }
    const byNumber = one.number === other.number ? 0 : one.number < other.number ? -1 : 1;
    return sign * (byNumber || compare(one.folded, other.folded) || compare(one.text, other.text)) || left - right;
  };
}

/** So many are put in order at once, and longer rows of them merged. */
const few = 1_024;

function* sorted(rows: readonly number[], order: Compare): Steps<readonly number[]> {
  if (rows.length <= few) return [...rows].sort(order);
  yield;
  const middle = rows.length >> 1;
  const left = yield* sorted(rows.slice(0, middle), order);
  const right = yield* sorted(rows.slice(middle), order);
  const merged: number[] = [];
  for (let [one, other] = [0, 0]; merged.length < rows.length; ) {
    if (merged.length % few === 0) yield;
    const [first, second] = [left[one], right[other]];
    if (first !== undefined && (second === undefined || order(first, second) <= 0)) {
      merged.push(first);
      one += 1;
    } else if (second !== undefined) {
      merged.push(second);
      other += 1;
    }
  }
  return merged;
}
