import { type Document, text } from '../document/document.ts';
import type { Break } from './chain.ts';
import type { AuditReport } from './verify.ts';

/** So many places are named. */
const most = 20;

/** What a check has found, in words. */
export function reportLines(report: AuditReport, head?: string): readonly string[] {
  const { records, first, last, breaks, torn, unfinished, found, isWhole } = report;
  if (first === undefined || last === undefined) {
    return [isWhole ? 'the audit is empty' : 'there is no record', ...breaks.slice(0, most).map(breakLine)];
  }
  return [
    `${isWhole ? 'whole' : 'NOT WHOLE'}: ${records} records, from ${first.seq} (${first.at}) to ${last.seq} (${last.at})`,
    ...breaks.slice(0, most).map(breakLine),
    ...(breaks.length > most ? [`… and ${breaks.length - most} places more`] : []),
    ...(torn === undefined ? [] : [`${torn.file}, line ${torn.line}: not whole, ${torn.bytes} bytes`]),
    ...headLines(head, found),
    ...(unfinished.length === 0
      ? []
      : [
          `not ended: ${unfinished
            .slice(0, most)
            .map(({ id }) => id)
            .join(' ')}`,
        ]),
    `head: ${last.hash}`,
  ];
}

export const reportDocument = (report: AuditReport, head?: string): Document =>
  text(reportLines(report, head).join('\n'));

function headLines(head: string | undefined, found: number | undefined): readonly string[] {
  if (head === undefined) return [];
  return [
    found === undefined
      ? 'the head that you gave is not in it: the end was cut off, or all was written anew'
      : `the head that you gave is record ${found}`,
  ];
}

function breakLine({ kind, file, line, seq, count }: Break): string {
  const place = `${file}, line ${line}: `;
  switch (kind) {
    case 'changed':
      return `${place}record ${seq} was changed`;
    case 'missing':
      return `${place}${count === 1 ? `record ${seq} is missing` : `records ${seq} to ${seq + count - 1} are missing`}`;
    case 'inserted':
      return `${place}record ${seq} does not belong there`;
    case 'moved':
      return `${place}record ${seq} stands elsewhere than it was written`;
    case 'unreadable':
      return `${place}no record`;
    case 'unindexed':
      return `${place}record ${seq} is missing in the index`;
    default:
      return kind satisfies never;
  }
}
