import { median, range } from './stats.mjs';

/** A number for people: thousands apart, `digits` after the point; a dash where nothing was measured. */
export const figure = (value, digits = 0) =>
  Number.isFinite(value)
    ? value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
    : '–';

/** `median (smallest–largest)` */
export const spread = (values, digits) =>
  `${figure(median(values), digits)} (${range(values)
    .map((value) => figure(value, digits))
    .join('–')})`;

/** A Markdown table, padded so that it also reads in a terminal. The first column is text, the others are figures. */
export function table(titles, rows) {
  const widths = titles.map((title, column) => Math.max(3, title.length, ...rows.map((row) => row[column].length)));
  const line = (cells) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(titles), rule, ...rows.map(line)].join('\n');
}
