import { CommandError } from '../commands/command.ts';
import { type Document, text } from '../document/document.ts';
import { oneLine } from '../document/harmless.ts';
import type { FileAccess } from './create.ts';
import { isAmong, type Profile } from './profile.ts';
import { freezeTable, memberTables, roomTable, ruleTable } from './rule-tables.ts';
import { sentenceOf, type UnknownName } from './unknown-name.ts';
import { shownRoles } from './whoami.ts';

/** What there is to see of the rules, by the word behind `access`. Each may throw a `CommandError` (`usage`). */
export const pages: Readonly<Record<'rules' | 'roles' | 'person' | 'freezes', Page>> = {
  rules: (access, what, now) => (what === '' ? allRules(access, now) : rulesFor(access, what, now)),
  roles: ({ policy }) => pageOf(memberTables(policy), 'there are no roles and no groups'),
  person: (access, what) => {
    if (what === '')
      throw new CommandError('usage', 'who? access person ann, or an account: access person slack:T1/U1');
    return aboutPerson(access, what);
  },
  freezes: ({ policy }, _, now) => pageOf(freezeTable(policy.freezes, now), 'there are no freezes'),
};

type Page = (access: FileAccess, what: string, now: number) => Document;

const pageOf = (parts: readonly Document[], otherwise: string): Document =>
  parts.length === 0 ? text(otherwise) : { kind: 'group', parts };

/** More are counted. */
const mostNames = 50;

/** What in the file may not be what somebody meant. */
export const lookAt = (unknown: readonly UnknownName[], ...troubles: readonly string[]): readonly Document[] => {
  const items = [...troubles, ...unknown.slice(0, mostNames).map(sentenceOf)];
  if (unknown.length > mostNames) items.push(`and ${unknown.length - mostNames} more`);
  return items.length === 0 ? [] : [{ kind: 'group', gap: 0, parts: [text('Look at:'), { kind: 'list', items }] }];
};

const order =
  'They count in this order. Whatever stands against somebody comes first; then something must open the command.';

function allRules({ policy, unknown }: FileAccess, now: number): Document {
  const { rules, freezes, defaults, hasOwner } = policy;
  const parts = [...freezeTable(freezes, now), ...roomTable(policy), ...ruleTable('Rules', rules)];
  const ends = [
    `Where no rule opens it: reading is ${wordFor(defaults.read)}, changing is ${wordFor(defaults.change)}.`,
    ...(hasOwner ? ['Who sits at the console of the bot holds every role.'] : []),
  ];
  return pageOf(
    [
      ...(parts.length === 0 ? [text('there are no rules')] : [text(order), ...parts]),
      text(ends.join('\n')),
      ...lookAt(unknown),
    ],
    '',
  );
}

const wordFor = (verdict: 'allow' | 'deny'): string => (verdict === 'allow' ? 'allowed' : 'refused');

function rulesFor(access: FileAccess, typed: string, now: number): Document {
  const command = typed.toLowerCase().replaceAll(/\s+/g, ' ');
  const { rules, freezes } = access.rulesAbout(command);
  const labels = new Set([...rules, ...freezes].map(({ label }) => label));
  const { limits } = access.policy;
  const rooms = limits.filter(({ commands }) => commands.some((each) => each.fits(command)));
  const parts = [...freezeTable(freezes, now), ...ruleTable(`Rules about ${oneLine(command)}`, rules)];
  return pageOf(
    [
      ...(parts.length === 0 ? [text(`no rule is about ${oneLine(command)}`)] : parts),
      ...(limits.length === 0
        ? []
        : [text(`Rooms: ${rooms.length === 0 ? 'none' : rooms.map(({ room }) => room.text).join(', ')}`)]),
      ...lookAt(access.unknown.filter(({ label }) => labels.has(label))),
    ],
    '',
  );
}

/** `who`: their name in the file, in any case, or an account. */
function profileIn(access: FileAccess, who: string): Profile {
  const named = [...access.policy.people.keys()].find((each) => each.toLowerCase() === who.toLowerCase());
  const found = access.profileOfPerson(who) ?? access.profileOfPerson(named ?? '');
  if (found !== undefined) return found;
  const colon = who.indexOf(':');
  if (colon < 1) throw new CommandError('usage', `there is no person ${oneLine(who)} in the access file`);
  const [input, user] = [who.slice(0, colon), who.slice(colon + 1)];
  return access.profileOf({ input, user, name: user, isKnown: true });
}

function aboutPerson(access: FileAccess, who: string): Document {
  const profile = profileIn(access, who);
  const { person, ids, groups, ownRoles, isOwner, elevation } = profile;
  const { rules, freezes } = access.policy;
  const theirs = rules.filter(
    ({ people, roles }) =>
      (people !== undefined && isAmong(people, profile)) || roles.some((role) => person.roles.has(role)),
  );
  const excepted = freezes.filter(
    ({ exceptRoles, exceptPeople }) =>
      exceptRoles.some((role) => person.roles.has(role)) ||
      (exceptPeople !== undefined && isAmong(exceptPeople, profile)),
  );
  const emergency =
    elevation === undefined ? [] : [`${elevation.roles.join(', ')} until ${new Date(elevation.until).toISOString()}`];
  return {
    kind: 'group',
    parts: [
      {
        kind: 'fields',
        fields: [
          { name: 'Person', value: oneLine(person.name === person.id ? person.id : `${person.id} (${person.name})`) },
          { name: 'Accounts', value: listed(ids) },
          { name: 'Groups', value: listed(groups) },
          { name: 'Roles', value: shownRoles(ownRoles, isOwner) },
          ...(emergency.length === 0 ? [] : [{ name: 'Emergency', value: listed(emergency) }]),
          ...(excepted.length === 0
            ? []
            : [{ name: 'Not held up by', value: listed(excepted.map(({ label }) => label)) }]),
        ],
      },
      ...(theirs.length === 0
        ? [text('no rule names them, or a role of theirs')]
        : ruleTable('Rules that name them, or a role of theirs', theirs)),
    ],
  };
}

const listed = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.map(oneLine).join(', '));
