import { alignedTable } from './aligned.ts';
import type { Column, Document, Table } from './document.ts';
import { harmless, oneLine } from './harmless.ts';

export interface TerminalView {
  /** Tables in columns of spaces, for eyes, where their columns do not say how many TABs they want. Default false: for programs. */
  readonly isAligned?: boolean;
}

/** How a document looks in a terminal, without a line break at its end. Its strings can do nothing there but be read. */
export function renderTerminal(document: Document, view: TerminalView = {}): string {
  switch (document.kind) {
    case 'text':
    case 'code':
    case 'json':
      return harmless(document.text);
    case 'table':
      return view.isAligned === true && document.columns.every(({ tabs }) => tabs === undefined)
        ? alignedTable(document)
        : renderTable(document);
    case 'fields':
      return document.fields.map(({ name, value }) => `${oneLine(name)}: ${oneLine(value)}`).join('\n');
    case 'list':
      return document.items.map(oneLine).join('\n');
    case 'link':
      return renderLink(oneLine(document.label), oneLine(document.url));
    case 'actions':
      return '';
    case 'group':
      return document.parts
        .filter(({ kind }) => kind !== 'actions')
        .map((part) => renderTerminal(part, view))
        .join('\n'.repeat((document.gap ?? 1) + 1));
    default:
      return document satisfies never;
  }
}

const renderTable = ({ columns, rows }: Table): string =>
  [columns.map(({ title }) => title), ...rows].map((cells) => renderRow(columns, cells)).join('\n');

const renderRow = (columns: readonly Column[], cells: readonly string[]): string =>
  cells
    .map((cell, index) => oneLine(cell) + (index === cells.length - 1 ? '' : '\t'.repeat(columns[index]?.tabs ?? 1)))
    .join('');

const renderLink = (label: string, url: string): string => (label === '' || label === url ? url : `${label} (${url})`);
