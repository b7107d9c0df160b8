import type { Document } from './document.ts';

/** How much there is to read: all characters of it, and one more for the end of each text, cell, item or field. */
export function sizeOf(document: Document): number {
  switch (document.kind) {
    case 'text':
    case 'code':
    case 'json':
      return document.text.length + 1;
    case 'table':
      return document.rows.reduce(
        (sum, row) => sum + lengthOf(row),
        lengthOf(document.columns.map(({ title }) => title)),
      );
    case 'fields':
      return document.fields.reduce((sum, { name, value }) => sum + name.length + value.length + 1, 0);
    case 'list':
      return lengthOf(document.items);
    case 'link':
      return document.label.length + document.url.length + 1;
    case 'actions':
      return document.actions.reduce((sum, { label, line }) => sum + label.length + line.length + 1, 0);
    case 'group':
      return document.parts.reduce((sum, part) => sum + sizeOf(part), 0);
    default:
      return document satisfies never;
  }
}

const lengthOf = (texts: readonly string[]): number => texts.reduce((sum, { length }) => sum + length + 1, 0);
