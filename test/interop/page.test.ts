import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Release } from '../support/go.ts';
import { bugIn, bugs } from './matrix/bugs.ts';
import { type Cell, cellName, cellsOf, exchanges } from './matrix/cells.ts';
import { cellName as encounterName, cellsOf as encountersIn, encounters, registries } from './registries/cells.ts';

const all: readonly Release[] = ['v1', 'v2', 'v6'];
const page = readFileSync(new URL('../../docs/interop.md', import.meta.url), 'utf8');

/** What the page says, by the cell's name. */
function told(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let place = '';
  for (const line of page.split('\n')) {
    const heading = /^### (We|It) .*\((v\d)\)$/.exec(line);
    if (heading !== null) place = `${heading[2]} | ${heading[1] === 'We' ? 'we call' : 'they call'}`;
    const [way = '', ...marks] = line
      .split('|')
      .slice(1, -1)
      .map((text) => text.trim());
    if (marks.length !== exchanges.length || !way.includes(' application/')) continue;
    marks.forEach((mark, column) => found.set(`${place} | ${way} | ${exchanges[column]}`, mark));
  }
  return found;
}

/** What it says of encounters in registries, likewise. */
function toldOfRegistries(): ReadonlyMap<string, string> {
  const rows = page.matchAll(/^\| (\w+) \| go-micro (v\d)[\d.]+ \| (.*) \|$/gm);
  return new Map(
    [...rows].flatMap(([, registry, release, marks = '']) =>
      marks
        .split(' | ')
        .map((mark, column): [string, string] => [`${registry} | ${release} | ${encounters[column]}`, mark]),
    ),
  );
}

const expected = (cell: Cell): string => {
  const bug = bugIn(cell)?.bug;
  return bug === undefined ? '✓' : `[${bugs.indexOf(bug) + 1}](#${bug.id})`;
};

describe('docs/interop.md', () => {
  it('has every cell of the matrix, and no other', () => {
    const marks = new Map(cellsOf(all).map((cell) => [cellName(cell), expected(cell)]));
    expect(told()).toEqual(marks);
  });

  it('has every encounter in every registry, and no other', () => {
    const cells = registries.flatMap((registry) => encountersIn(registry, all));
    expect(toldOfRegistries()).toEqual(new Map(cells.map((cell) => [encounterName(cell), '✓'])));
    expect(page).toContain(`| registry | service | ${encounters.join(' | ')} |`);
  });

  it.each(bugs.map((bug) => [bug.id, bug] as const))('explains %s, which shows in some cell', (_, bug) => {
    expect(page).toContain(`### ${bug.id}\n`);
    expect(page).toContain(bug.title);
    expect(cellsOf(all).some((cell) => bugIn(cell)?.bug.id === bug.id)).toBe(true);
  });
});
