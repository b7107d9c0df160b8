import type { Document } from '../../document/document.ts';
import { renderTerminal } from '../../document/terminal.ts';

/** The lines of a document. A comma at an end is only there because something follows. */
export const linesOf = (document: Document): readonly string[] =>
  renderTerminal(document)
    .split('\n')
    .map((line) => line.trim().replace(/,$/, ''))
    .filter((line) => line !== '');

/**
 * What is different, a line each: `+` is new, `-` is gone, `~` is a line about the same thing that says something else. Lines that only
 * changed places are no change.
 */
export function changesBetween(before: readonly string[], after: readonly string[]): readonly string[] {
  const gone = without(before, after);
  const come = without(after, before);
  const goneBy = byName(gone);
  const comeBy = byName(come);
  const pairs = new Map<string, string>();
  for (const [name, [line, ...others]] of comeBy) {
    const [old, ...olds] = goneBy.get(name) ?? [];
    const isPair = others.length === 0 && olds.length === 0;
    if (isPair && old !== undefined && line !== undefined) pairs.set(line, old);
  }
  const replaced = new Set(pairs.values());
  return [
    ...gone.filter((line) => !replaced.has(line)).map((line) => `- ${flat(line)}`),
    ...come.map((line) => {
      const old = pairs.get(line);
      return old === undefined ? `+ ${flat(line)}` : `~ ${describe(old, line)}`;
    }),
  ];
}

/** Those of `lines` that are more often there than in `others`. */
function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    if (count > 0) left.set(line, count - 1);
    return count === 0;
  });
}

/** What a line is about: its first cell, or what stands before its first colon or space. */
const nameOf = (line: string): string =>
  (line.includes('\t') ? line.split('\t', 1) : line.split(/:(?:\s|$)|\s/, 1)).join('');

function byName(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, string[]>();
  for (const line of lines) {
    const name = nameOf(line);
    const known = map.get(name);
    if (known === undefined) map.set(name, [line]);
    else known.push(line);
  }
  return map;
}

const flat = (line: string): string => line.replaceAll(/\t+/g, '  ');

/** Of rows the cells that differ, of named values the value, of anything else all of it. */
function describe(old: string, line: string): string {
  const [name = '', ...cells] = line.split(/\t+/);
  const oldCells = old.split(/\t+/).slice(1);
  if (cells.length > 0 && cells.length === oldCells.length) {
    const differing = cells.flatMap((cell, index) =>
      cell === oldCells[index] ? [] : [`${oldCells[index]} → ${cell}`],
    );
    return `${name}: ${differing.join(', ')}`;
  }
  const head = /^[^\t]*?:\s+/.exec(line)?.[0];
  if (head !== undefined && old.startsWith(head))
    return `${head}${flat(old.slice(head.length))} → ${flat(line.slice(head.length))}`;
  return `${flat(old)} → ${flat(line)}`;
}
