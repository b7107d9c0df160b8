import type { Members } from './policy.ts';

type Member = { readonly person: { readonly id: string; readonly isKnown: boolean }; readonly ids: readonly string[] };

/** Says in which of some lists somebody is, in their order. */
export type InLists<K> = (member: Member) => readonly K[];

interface Place<K> {
  readonly key: K;
  readonly at: number;
}

const known = new WeakMap<ReadonlyMap<unknown, Members>, InLists<unknown>>();

/** Of lists that many people are looked for in: who is named in a list is found without a look at the others. */
export function inLists<K>(lists: ReadonlyMap<K, Members>): InLists<K> {
  const before = known.get(lists);
  // It was made of the same lists.
  if (before !== undefined) return before as InLists<K>;
  const made = indexed(lists);
  known.set(lists, made);
  return made;
}

function indexed<K>(lists: ReadonlyMap<K, Members>): InLists<K> {
  const named = new Map<string, Place<K>[]>();
  const patterns: (Place<K> & Pick<Members, 'accounts'>)[] = [];
  const open: Place<K>[] = [];
  let at = 0;
  for (const [key, { people, accounts, isEverybody }] of lists) {
    const place = { key, at };
    at += 1;
    if (isEverybody) {
      open.push(place);
      continue;
    }
    for (const person of people) {
      const places = named.get(person);
      if (places === undefined) named.set(person, [place]);
      else places.push(place);
    }
    if (accounts.length > 0) patterns.push({ ...place, accounts });
  }
  return ({ person, ids }) => {
    if (!person.isKnown) return [];
    const found = new Map<number, K>();
    for (const place of [...open, ...(named.get(person.id) ?? [])]) found.set(place.at, place.key);
    for (const { key, at: place, accounts } of patterns) {
      if (!found.has(place) && accounts.some((account) => ids.some((id) => account.fits(id)))) found.set(place, key);
    }
    return [...found].sort(([one], [other]) => one - other).map(([, key]) => key);
  };
}
