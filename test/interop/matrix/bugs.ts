import { readFileSync } from 'node:fs';
import { type Cell, cellName } from './cells.ts';
import type { Observation } from './observation.ts';

/** Something that go-micro itself does wrong, and what is seen of it from our side. */
export interface Bug {
  readonly id: string;
  readonly title: string;
  /** Where in go-micro it is. */
  readonly where: string;
  readonly cells: readonly BuggyCells[];
}

interface BuggyCells {
  /** As a cell's name, with commas between several values in a place. */
  readonly in: string;
  readonly observed: Observation;
  /** How long to wait where nothing comes, in milliseconds. */
  readonly patienceMs?: number;
}

export const bugs: readonly Bug[] = JSON.parse(
  readFileSync(new URL('bugs.json', import.meta.url), 'utf8'),
) as readonly Bug[];

/** The bug that shows in a cell. */
export function bugIn(cell: Cell): (BuggyCells & { readonly bug: Bug }) | undefined {
  const found = bugs.flatMap((bug) =>
    bug.cells.filter((cells) => covers(cells, cell)).map((cells) => ({ ...cells, bug })),
  );
  if (found.length > 1) throw new Error(`two bugs in one cell: ${found.map(({ bug }) => bug.id).join(', ')}`);
  return found[0];
}

function covers(cells: BuggyCells, cell: Cell): boolean {
  const places = cells.in.split(' | ').map((place) => place.split(', '));
  return cellName(cell)
    .split(' | ')
    .every((value, place) => places[place]?.includes(value) === true);
}
