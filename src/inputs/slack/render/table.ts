import type { Table } from '../../../document/document.ts';
import type { Block } from '../rendered.ts';
import { shownLine } from './shown.ts';

/** What Slack takes; a longer cell is nothing to look at. */
const most = { rows: 100, columns: 20, characters: 9_000, cell: 1_000 } as const;
/** Columns that are wider are not filled up with spaces: the next one begins where they end. */
const widest = 40;
/** What is longer is shown on several lines of a cell. */
const wrapped = 48;

export interface TableBlock {
  readonly block: Block;
  readonly characters: number;
}

/** Slack's own table; undefined where it is too large for one. */
export function tableBlock(table: Table): TableBlock | undefined {
  const { columns, rows } = table;
  if (columns.length === 0 || columns.length > most.columns || rows.length + 1 > most.rows) return undefined;
  const cells = cellsOf(table);
  const lengths = cells.flat().map(({ length }) => length);
  const characters = lengths.reduce((sum, length) => sum + length, 0);
  if (characters > most.characters || lengths.some((length) => length > most.cell)) return undefined;
  const block: Block = {
    type: 'table',
    column_settings: columns.map((_, index) => ({
      align: 'left',
      is_wrapped: cells.some((row) => (row[index]?.length ?? 0) > wrapped),
    })),
    // Slack refuses a cell with nothing in it.
    rows: cells.map((row) => row.map((cell) => ({ type: 'raw_text', text: cell === '' ? ' ' : cell }))),
  };
  return { block, characters };
}

/** The same in columns of spaces, for where each character is as wide as the others. Rows that begin behind `most` characters are left out. */
export function tableText({ columns, rows }: Table, most: number): string {
  const cells = cellsOf({ kind: 'table', columns, rows: beginningOf(rows, most) });
  const widths = columns.map((_, index) => {
    let width = 0;
    for (const row of cells) {
      const length = row[index]?.length ?? 0;
      if (length > width && length <= widest) width = length;
    }
    return width;
  });
  return cells
    .map((row) =>
      row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0))).join('  '),
    )
    .join('\n');
}

function beginningOf(rows: Table['rows'], most: number): Table['rows'] {
  let characters = 0;
  const end = rows.findIndex((row) => {
    if (characters > most) return true;
    characters += row.reduce((sum, { length }) => sum + length, 1);
    return false;
  });
  return end === -1 ? rows : rows.slice(0, end);
}

const cellsOf = ({ columns, rows }: Table): readonly (readonly string[])[] =>
  [columns.map(({ title }) => title), ...rows].map((row) => columns.map((_, index) => shownLine(row[index] ?? '')));
