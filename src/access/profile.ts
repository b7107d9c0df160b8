import type { Identity, Person } from './access.ts';
import type { Elevation } from './elevation.ts';
import { idOf } from './identifier.ts';
import { inLists } from './lists.ts';
import type { Members, Policy } from './policy.ts';

/** All that is known of somebody who wants something. */
export interface Profile {
  readonly person: Person;
  /** Their accounts: those of the file, and those that were linked. */
  readonly ids: readonly string[];
  readonly groups: readonly string[];
  /** Without what ownership or an elevation adds. */
  readonly ownRoles: readonly string[];
  /** Sits at the console of the bot's machine. */
  readonly isOwner: boolean;
  readonly elevation: Elevation | undefined;
  /** All that in a sentence. */
  readonly summary: string;
}

/** Which accounts belong together beyond what the file says. */
export interface Kinship {
  /** The account to which this one was linked, or itself. */
  anchorOf(id: string): string;
  /** Those that were linked to it. */
  linkedTo(anchor: string): readonly string[];
}

/** The account that a person of the file or somebody else is known by, and all of theirs. An account of the file stays whose it is there. */
export function accountsOf(
  policy: Policy,
  kin: Kinship,
  id: string,
): { readonly person: string; readonly ids: readonly string[] } {
  const anchor = policy.owners.has(id) ? id : kin.anchorOf(id);
  const owner = policy.owners.get(anchor);
  const base = owner?.ids ?? [anchor];
  const linked = base.flatMap((each) => kin.linkedTo(each)).filter((each) => !policy.owners.has(each));
  return { person: owner?.id ?? anchor, ids: [...new Set([...base, ...linked])] };
}

export function profileOf(policy: Policy, kin: Kinship, identity: Identity): Profile {
  const id = idOf(identity.input, identity.user);
  const isOwner = policy.hasOwner && identity.input === 'console' && identity.isKnown;
  if (!identity.isKnown) return summed({ ...stranger, person: { ...stranger.person, id, name: identity.name } });
  const { person, ids } = accountsOf(policy, kin, id);
  return memberProfile(policy, { id: person, name: policy.people.get(person)?.name ?? identity.name, ids, isOwner });
}

/** A person of the file, wherever they are. */
export function filePersonProfile(policy: Policy, kin: Kinship, person: string): Profile {
  const { id = person, name = person, ids: [first] = [] } = policy.people.get(person) ?? {};
  const ids = first === undefined ? [] : accountsOf(policy, kin, first).ids;
  return memberProfile(policy, { id, name, ids, isOwner: false });
}

interface Member {
  readonly id: string;
  readonly name: string;
  readonly ids: readonly string[];
  readonly isOwner: boolean;
}

function memberProfile(policy: Policy, { id, name, ids, isOwner }: Member): Profile {
  const member = { person: { id, name, isKnown: true }, ids };
  const roles = inLists(policy.roles)(member);
  return summed({
    person: { id, name, isKnown: true, roles: isOwner ? new EveryRole(policy.roles.keys()) : new Set(roles) },
    ids,
    groups: inLists(policy.groups)(member),
    ownRoles: roles,
    isOwner,
    elevation: undefined,
  });
}

/** Whether somebody is meant by a list. Nobody is whom the network does not vouch for. */
export const isAmong = (
  members: Members,
  { person, ids }: { readonly person: Pick<Person, 'id' | 'isKnown'>; readonly ids: readonly string[] },
): boolean =>
  person.isKnown &&
  (members.isEverybody ||
    members.people.has(person.id) ||
    members.accounts.some((account) => ids.some((id) => account.fits(id))));

export function elevated(profile: Profile, elevation: Elevation | undefined): Profile {
  if (elevation === undefined || !profile.person.isKnown) return profile;
  const roles = profile.isOwner ? profile.person.roles : new Set([...profile.person.roles, ...elevation.roles]);
  return summed({ ...profile, person: { ...profile.person, roles }, elevation });
}

const stranger: Omit<Profile, 'summary'> = {
  person: { id: '', name: '', isKnown: false, roles: new Set() },
  ids: [],
  groups: [],
  ownRoles: [],
  isOwner: false,
  elevation: undefined,
};

/** For the first step of a decision. */
function summaryOf({ person, groups, ownRoles, isOwner, elevation }: Omit<Profile, 'summary'>): string {
  if (!person.isKnown) return `${person.id} is not vouched for by the network`;
  const own = isOwner ? ['every role, at the console of the bot'] : ownRoles.map((role) => `role ${role}`);
  const parts = [
    ...groups.map((group) => `group ${group}`),
    ...own,
    ...(elevation === undefined ? [] : [`${elevation.roles.join(', ')} in an emergency`]),
  ];
  return parts.length === 0 ? `${person.id} has no roles` : `${person.id} has ${parts.join(', ')}`;
}

const summed = (profile: Omit<Profile, 'summary'>): Profile => ({ ...profile, summary: summaryOf(profile) });

/** Those that only a service's metadata names are in it as well. */
class EveryRole extends Set<string> {
  override has(): boolean {
    return true;
  }
}
