import type { Shelf } from '../../state/state.ts';
import type { Alias, Owner } from './kept.ts';

/** All aliases, by whose they are. Changes count at once; they resolve when they are kept, and reject with a `StateError`. */
export interface Book {
  /** Whether anybody has an alias of this name. */
  knows(name: string): boolean;
  find(owner: Owner, name: string): Alias | undefined;
  /** By name. */
  of(owner: Owner): readonly Alias[];
  /** How many somebody made, for themselves and for rooms. */
  madeBy(person: string): number;
  /** In place of the one that has its name. */
  set(alias: Alias): Promise<void>;
  remove(alias: Alias): Promise<void>;
  /** Somebody was told what it stands for, unless it stands for something else by now. */
  tell(alias: Alias, person: string): Promise<void>;
}

type Names = Map<string, Alias>;

/** Who was told before so many others is told again. */
const maxTold = 500;

export function createBook(shelf: Shelf<readonly Alias[]>): Book {
  const owners = new Map<string, Names>();
  const namesOf = (owner: Owner): Names => {
    const names = owners.get(keyOf(owner)) ?? new Map<string, Alias>();
    owners.set(keyOf(owner), names);
    return names;
  };
  for (const alias of shelf.current) namesOf(alias.owner).set(alias.name, alias);

  const all = (): readonly Alias[] => [...owners.values()].flatMap((names) => [...names.values()]);
  let known: ReadonlySet<string> = new Set();
  const changed = (): readonly Alias[] => {
    const aliases = all();
    known = new Set(aliases.map(({ name }) => name));
    return aliases;
  };
  changed();
  const set = (alias: Alias): Promise<void> => {
    namesOf(alias.owner).set(alias.name, alias);
    return shelf.replace(changed());
  };
  return {
    knows: (name) => known.has(name),
    find: (owner, name) => owners.get(keyOf(owner))?.get(name),
    of: (owner) =>
      [...(owners.get(keyOf(owner))?.values() ?? [])].sort((one, other) => (one.name < other.name ? -1 : 1)),
    madeBy: (person) => all().filter(({ maker }) => maker === person).length,
    set,
    async tell({ owner, name, line, maker }, person) {
      const now = owners.get(keyOf(owner))?.get(name);
      if (now === undefined || now.line !== line || now.maker !== maker || now.told.includes(person)) return;
      await set({ ...now, told: [...now.told, person].slice(-maxTold) });
    },
    remove({ owner, name }) {
      const names = namesOf(owner);
      names.delete(name);
      if (names.size === 0) owners.delete(keyOf(owner));
      return shelf.replace(changed());
    },
  };
}

/** Every message passes here. No input has a line break in its name. */
const keyOf = (owner: Owner): string => (owner.kind === 'person' ? owner.person : `\n${owner.input}\n${owner.room}`);
