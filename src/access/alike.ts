import { breather } from '../async/breather.ts';
import { inLists } from './lists.ts';
import type { Members } from './policy.ts';
import type { Profile } from './profile.ts';
import type { About } from './relevant.ts';

/** People who are the same to some rules, whoever they are. */
export interface Alike {
  readonly one: Profile;
  readonly people: ReadonlySet<string>;
}

/**
 * In a large house most people are named by the same rules and hold the same roles. `about`: all that is asked of them. Others have their turn
 * meanwhile.
 */
export async function alikeTo(about: readonly About[], people: Iterable<Profile>): Promise<readonly Alike[]> {
  const lists = inLists(listsOf(about));
  const alike = new Map<string, { readonly one: Profile; readonly people: Set<string> }>();
  const pause = breather();
  for (const profile of people) {
    const { person, ownRoles, isOwner, elevation } = profile;
    const named = lists(profile);
    const key = JSON.stringify([person.isKnown, [...person.roles], ownRoles, isOwner, elevation?.roles, named]);
    const group = alike.get(key);
    if (group === undefined) alike.set(key, { one: profile, people: new Set([person.id]) });
    else group.people.add(person.id);
    const rest = pause();
    if (rest !== undefined) await rest;
  }
  return [...alike.values()];
}

/** Each once, by what it says. */
const listsOf = (about: readonly About[]): ReadonlyMap<string, Members> =>
  new Map(
    about
      .flatMap(({ denies, needs, grants, freezes }) => [
        ...[...denies, ...needs, ...grants].map(({ rule }) => rule.people),
        ...freezes.map(({ exceptPeople }) => exceptPeople),
      ])
      .flatMap((list) => (list === undefined ? [] : [[list.text, list] as const])),
  );
