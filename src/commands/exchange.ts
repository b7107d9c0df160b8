import type { Command } from './command.ts';
import { beginsWithAny, type Owners } from './merge.ts';
import { namesOf } from './name-index.ts';

/** What one service offered, and what it offers now. */
export interface Exchange {
  readonly service: string;
  readonly gone: readonly Command[];
  readonly come: readonly Command[];
}

export interface Names {
  readonly owners: Owners;
  /** Names that somebody wants who does not have them. */
  readonly wanted: ReadonlySet<string>;
  /** No service has names that begin with these. */
  readonly greedy: ReadonlySet<string>;
}

/**
 * Hands the names over in `owners`, when it is nobody else's business: most changes are of that kind, and cost nothing for those who did not
 * change. False, and nothing is done, when somebody else has one of the names or wants it, or one comes twice: then all names have to be given out
 * anew.
 */
export function exchange({ service, gone, come }: Exchange, { owners, wanted, greedy }: Names): boolean {
  const left = gone.flatMap(namesOf);
  const taken = come.flatMap(namesOf);
  const isOurs = (name: string): boolean => owners.get(name) === service;
  const isFree = (name: string): boolean => !owners.has(name) && !beginsWithAny(name, greedy);
  const isAlone =
    isUnique(left) &&
    isUnique(taken) &&
    left.every((name) => isOurs(name) && !wanted.has(name)) &&
    taken.every((name) => !wanted.has(name) && (left.includes(name) || isFree(name)));
  if (!isAlone) return false;
  for (const name of left) owners.delete(name);
  for (const name of taken) owners.set(name, service);
  return true;
}

const isUnique = (names: readonly string[]): boolean => new Set(names).size === names.length;
