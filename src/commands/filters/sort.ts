import type { Command } from '../command.ts';
import { compare } from '../set.ts';
import { shorten } from '../declared.ts';
import { filterCommand, wrong } from './filter.ts';
import { readFlags } from './flags.ts';
import { answerRows, changeLeaves, leavesOf } from './leaves.ts';
import type { Rows } from './rows.ts';

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
  apply(document, wanted) {
    const rows = answerRows(leavesOf(document));
    const columns = rows.map((own) => (own === undefined ? undefined : columnOf(own, wanted.column)));
    if (wanted.column !== '' && rows.length > 0 && columns.every((column) => column === undefined)) {
      const known = [...new Set(rows.flatMap((own) => own?.columns() ?? []))];
      const only = known.length === 0 ? 'there are no columns' : `only ${shorten(known.join(', '))}`;
      throw wrong(usage, `there is no column ${shorten(wanted.column)}: ${only}`);
    }
    return changeLeaves(document, (leaf, index) => {
      const own = rows[index];
      if (own === undefined || own.kind === 'whole' || own.texts.length < 2) return leaf;
      const column = columns[index];
      if (wanted.column !== '' && column === undefined) return leaf;
      const keys = own.texts.map((text, row) => (column === undefined ? text : own.cell(row, column)));
      return own.take(orderOf(keys, wanted));
    });
  },
});

/** The column that is meant, as it is called. */
function columnOf(rows: Rows, wanted: string): string | undefined {
  if (wanted === '') return undefined;
  const columns = rows.columns();
  const word = wanted.toLowerCase();
  const titled = columns.find((title) => title.toLowerCase() === word);
  return titled ?? (/^\d{1,4}$/.test(word) ? columns[Number(word) - 1] : undefined);
}

/** What has nothing to compare comes last, whichever way round. */
function orderOf(keys: readonly (string | undefined)[], { isNumeric, isReversed }: Wanted): readonly number[] {
  const read = keys.map((text) => {
    if (text === undefined) return undefined;
    const number = isNumeric ? Number.parseFloat(text.trimStart()) : 0;
    return Number.isNaN(number) ? undefined : { number, folded: text.toLowerCase(), text };
  });
  const sign = isReversed ? -1 : 1;
  return [...keys.keys()].sort((left, right) => {
    const [one, other] = [read[left], read[right]];
    if (one === undefined || other === undefined) {
      return one === other ? left - right : one === undefined ? 1 : -1;
    }
    const byNumber = one.number === other.number ? 0 : one.number < other.number ? -1 : 1;
    return sign * (byNumber || compare(one.folded, other.folded) || compare(one.text, other.text)) || left - right;
  });
}
