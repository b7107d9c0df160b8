import type { Table } from './document.ts';
import { oneLine } from './harmless.ts';
import { widthOf } from './width.ts';

/** Cells that are wider are not waited for: the next column begins where they end. */
const widest = 60;

/** A table in columns of spaces, for who reads it on a screen. */
export function alignedTable({ columns, rows }: Table): string {
  const cells = [columns.map(({ title }) => title), ...rows].map((row) => row.map(oneLine));
  const widths = columns.map((_, index) =>
    cells.reduce((most, row) => {
      const width = widthOf(row[index] ?? '');
      return width > most && width <= widest ? width : most;
    }, 0),
  );
  const padded = (cell: string, index: number): string =>
    cell + ' '.repeat(Math.max((widths[index] ?? 0) - widthOf(cell), 0));
  return cells.map((row) => row.map(padded).join('  ').trimEnd()).join('\n');
}
