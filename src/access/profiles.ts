import type { Identity } from './access.ts';
import type { Elevations } from './elevation.ts';
import type { Links } from './links.ts';
import type { Policy } from './policy.ts';
import { elevated, filePersonProfile, type Profile, profileOf } from './profile.ts';

/** Who people are to the rules, found out once. */
export interface Profiles {
  /** As they are now. */
  of(identity: Identity): Profile;
  /** Without what an emergency gives. */
  standing(identity: Identity): Profile;
  /** Of somebody whom the rules name, as they are now. */
  ofPerson(person: string, rules: Policy): Profile;
  /** The rules or the links are others. */
  forget(): void;
}

export interface ProfilesDeps {
  /** The rules that count at the moment. */
  readonly policy: () => Policy;
  readonly links: Links;
  readonly elevations: Elevations | undefined;
}

const maxKept = 20_000;

export function createProfiles({ policy, links, elevations }: ProfilesDeps): Profiles {
  /** Both without what an emergency gives. */
  let ofAccounts = new Map<string, Map<string, Profile>>();
  let ofFile = new Map<string, Profile>();
  let known = 0;

  const forget = (): void => {
    ofAccounts = new Map();
    ofFile = new Map();
    known = 0;
  };
  const standing = (identity: Identity): Profile => {
    const { input, user, isKnown } = identity;
    if (!isKnown) return profileOf(policy(), links, identity);
    const before = ofAccounts.get(input)?.get(user);
    if (before !== undefined) return before;
    if (known >= maxKept) forget();
    const found = profileOf(policy(), links, identity);
    const ofInput = ofAccounts.get(input) ?? new Map<string, Profile>();
    ofAccounts.set(input, ofInput.set(user, found));
    known += 1;
    return found;
  };
  const present = (profile: Profile): Profile =>
    profile.person.isKnown ? elevated(profile, elevations?.of(profile.person.id)) : profile;

  return {
    of: (identity) => present(standing(identity)),
    standing,
    ofPerson(person, rules) {
      if (rules !== policy()) return present(filePersonProfile(rules, links, person));
      const found = ofFile.get(person) ?? filePersonProfile(rules, links, person);
      ofFile.set(person, found);
      return present(found);
    },
    forget,
  };
}
