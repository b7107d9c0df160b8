import { type Document, text } from '../document/document.ts';

/** As many lines as a person reads; how many more there are is the last. */
export function firstOf(lines: readonly string[], most = 20): readonly string[] {
  const more = lines.length - most;
  return more > 1 ? [...lines.slice(0, most), `… and ${more} more`] : lines;
}

/** A title with lines under it. */
export const section = (title: string, lines: readonly string[]): Document => ({
  kind: 'group',
  gap: 0,
  parts: [text(`${title}:`), { kind: 'list', items: lines.map((line) => `  ${line}`) }],
});
