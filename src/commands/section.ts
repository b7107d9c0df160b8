import { type Document, text } from '../document/document.ts';

/** A title with lines under it. */
export const section = (title: string, lines: readonly string[]): Document => ({
  kind: 'group',
  gap: 0,
  parts: [text(`${title}:`), { kind: 'list', items: lines.map((line) => `  ${line}`) }],
});
