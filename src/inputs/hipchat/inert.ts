import type { Document } from '../../document/document.ts';
import { callingNobody } from './mention.ts';

/** The same document to read, but in HipChat, where a bot's words may call people as anybody's, nobody is called by it. */
export function inert(document: Document): Document {
  switch (document.kind) {
    case 'text':
    case 'code':
    case 'json':
      return { ...document, text: callingNobody(document.text) };
    case 'table':
      return {
        ...document,
        columns: document.columns.map((column) => ({ ...column, title: callingNobody(column.title) })),
        rows: document.rows.map((row) => row.map(callingNobody)),
      };
    case 'fields':
      return {
        ...document,
        fields: document.fields.map(({ name, value }) => ({ name: callingNobody(name), value: callingNobody(value) })),
      };
    case 'list':
      return { ...document, items: document.items.map(callingNobody) };
    case 'link':
      return { ...document, label: callingNobody(document.label), url: callingNobody(document.url) };
    case 'actions':
      return document;
    case 'group':
      return { ...document, parts: document.parts.map(inert) };
    default:
      return document satisfies never;
  }
}
