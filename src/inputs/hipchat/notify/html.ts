import type { Document, Table } from '../../../document/document.ts';
import { oneLine } from '../../../document/harmless.ts';
import { renderTerminal } from '../../../document/terminal.ts';

/** What HipChat takes as one message, in characters. */
export const maxHtml = 10_000;

interface Line {
  readonly text: string;
  /** Its spacing matters. */
  readonly isCode: boolean;
}

/**
 * A document as one message in HTML; undefined where it is too long for that. Nothing in it is alive: as HTML HipChat shows what it is
 * given, while what is sent as text may mention people or become pictures. `lead` is put in front, where it is not empty.
 */
export function renderHtml(document: Document, lead: string): string | undefined {
  const [first = { text: '', isCode: false }, ...others] = linesOf(document);
  const start: readonly Line[] =
    first.isCode && lead !== ''
      ? [{ text: lead.trimEnd(), isCode: false }, first]
      : [{ text: `${lead}${first.text}`, isCode: first.isCode }];
  const html = write([...start, ...others]);
  return html.length <= maxHtml ? html : undefined;
}

function linesOf(document: Document): readonly Line[] {
  const lines = (text: string, isCode: boolean): readonly Line[] =>
    text.split('\n').map((each) => ({ text: each, isCode }));
  switch (document.kind) {
    case 'code':
    case 'json':
      return lines(renderTerminal(document), true);
    case 'table':
      return lines(aligned(document), true);
    case 'text':
    case 'fields':
    case 'list':
    case 'link':
      return lines(renderTerminal(document), false);
    case 'actions':
      return [];
    case 'group': {
      const gap = Array.from({ length: document.gap ?? 1 }, () => ({ text: '', isCode: false }));
      const parts = document.parts.map(linesOf).filter((part) => part.length > 0);
      return parts.flatMap((part, index) => (index === 0 ? part : [...gap, ...part]));
    }
    default:
      return document satisfies never;
  }
}

const width = (text: string): number => Array.from(text).length;

function aligned({ columns, rows }: Table): string {
  const cells = [columns.map(({ title }) => title), ...rows].map((row) => row.map(oneLine));
  const widths = columns.map((_, index) => cells.reduce((most, row) => Math.max(most, width(row[index] ?? '')), 0));
  const pad = (cell: string, index: number): string => cell + ' '.repeat((widths[index] ?? 0) - width(cell));
  return cells.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

function write(lines: readonly Line[]): string {
  let html = '';
  let wasCode = false;
  lines.forEach(({ text, isCode }, index) => {
    if (wasCode && !isCode) html += '</pre>';
    if (isCode && !wasCode) html += '<pre>';
    else if (index > 0 && isCode) html += '\n';
    else if (index > 0 && !wasCode) html += '<br>';
    html += isCode ? escapeHtml(text) : spaced(escapeHtml(text));
    wasCode = isCode;
  });
  return wasCode ? `${html}</pre>` : html;
}

const codes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => codes[char] ?? char);
/** HTML shows any number of spaces as one. */
const spaced = (html: string): string =>
  html
    .replaceAll('\t', '    ')
    .replace(/ {2,}|^ /g, (spaces) => '&nbsp;'.repeat(spaces.length - 1) + (spaces.length === 1 ? '&nbsp;' : ' '));
