import type { Table } from '../../../document/document.ts';
import { widthOf } from '../../../document/width.ts';
import { shownLine } from './shown.ts';

/** Columns that are wider are not filled up with spaces: the next one begins where they end. */
const widest = 40;

/** In columns of spaces, for where each character is as wide as the others. */
export function tableText({ columns, rows }: Table): string {
  const cells = [columns.map(({ title }) => title), ...rows].map((row) =>
    columns.map((_, index) => shownLine(row[index] ?? '')),
  );
  const widths = columns.map((_, index) => {
    let most = 0;
    for (const row of cells) {
      const width = widthOf(row[index] ?? '');
      if (width > most && width <= widest) most = width;
    }
    return most;
  });
  return cells
    .map((row) =>
      row
        .map((cell, index) => padded(cell, widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const padded = (cell: string, width: number): string => cell + ' '.repeat(Math.max(width - widthOf(cell), 0));
