import type { Shelf } from '../../state/state.ts';
import type { Alias, Owner } from './kept.ts';

/** All aliases, by whose they are. Changes count at once; they resolve when they are kept, and reject with a `StateError`. */
export interface Book {
  readonly isEmpty: boolean;
  find(owner: Owner, name: string): Alias | undefined;
  /** By name. */
  of(owner: Owner): readonly Alias[];
  /** How many somebody made, for themselves and for rooms. */
  madeBy(person: string): number;
  /** In place of the one that has its name. */
  set(alias: Alias): Promise<void>;
  remove(alias: Alias): Promise<void>;
}

type Names = Map<string, Alias>;

export function createBook(shelf: Shelf<readonly Alias[]>): Book {
  const owners = new Map<string, Names>();
  const namesOf = (owner: Owner): Names => {
    const names = owners.get(keyOf(owner)) ?? new Map<string, Alias>();
    owners.set(keyOf(owner), names);
    return names;
  };
  for (const alias of shelf.current) namesOf(alias.owner).set(alias.name, alias);

  const all = (): readonly Alias[] => [...owners.values()].flatMap((names) => [...names.values()]);
  return {
    get isEmpty() {
      return owners.size === 0;
    },
    find: (owner, name) => owners.get(keyOf(owner))?.get(name),
    of: (owner) =>
      [...(owners.get(keyOf(owner))?.values() ?? [])].sort((one, other) => (one.name < other.name ? -1 : 1)),
    madeBy: (person) => all().filter(({ maker }) => maker === person).length,
    set(alias) {
      namesOf(alias.owner).set(alias.name, alias);
      return shelf.replace(all());
    },
    remove({ owner, name }) {
      const names = namesOf(owner);
      names.delete(name);
      if (names.size === 0) owners.delete(keyOf(owner));
      return shelf.replace(all());
    },
  };
}

const keyOf = (owner: Owner): string =>
  owner.kind === 'person' ? owner.person : JSON.stringify([owner.input, owner.room]);
