import { commandGlob } from './glob.ts';
import { createRoll, readAccount } from './members.ts';
import { type Complain, type Names, namesOf } from './names.ts';
import type { Emergency, FilePerson, Freeze, Members, Policy, RoomLimit } from './policy.ts';
import { buildRule } from './rule.ts';
import type { PolicyShape } from './shape.ts';
import { endOf } from './weekly.ts';
import type { Path } from './yaml.ts';

/** Finds out what the names mean. What `complain` was told about must not be used. */
export function buildPolicy(shape: PolicyShape, complain: Complain, lineOf: (path: Path) => number): Policy {
  const people = buildPeople(shape, complain);
  const groups = new Map(Object.entries(shape.groups ?? {}));
  const roll = createRoll(new Set(people.keys()), groups, (group, message) => complain(['groups', group], message));
  const names = namesOf(roll, complain);
  for (const group of groups.keys()) if (people.has(group)) complain(['groups', group], `${group} is a person, too`);
  const membersOfAll = (key: 'groups' | 'roles'): ReadonlyMap<string, Members> =>
    new Map(Object.entries(shape[key] ?? {}).map(([name, list]) => [name, names.members([key, name], list)]));
  return {
    people,
    owners: new Map([...people.values()].flatMap((person) => person.ids.map((id) => [id, person] as const))),
    groups: membersOfAll('groups'),
    roles: membersOfAll('roles'),
    defaults: { read: shape.defaults?.read ?? 'allow', change: shape.defaults?.change ?? 'deny' },
    limits: buildLimits(shape, names),
    rules: (shape.rules ?? []).map((rule, index) => buildRule(rule, index, lineOf(['rules', index]), names)),
    freezes: (shape.freezes ?? []).map((_, index) => buildFreeze(shape, index, lineOf(['freezes', index]), names)),
    emergency: buildEmergency(shape, names),
    hasOwner: shape.console !== 'nobody',
  };
}

function buildPeople(shape: PolicyShape, complain: Complain): ReadonlyMap<string, FilePerson> {
  const owners = new Map<string, string>();
  return new Map(
    Object.entries(shape.people ?? {}).map(([id, { ids, name = id }]) => {
      const accounts = ids.flatMap((text, index) => {
        try {
          const account = readAccount(text);
          const before = owners.get(account.id);
          if (account.user.includes('*')) throw new Error(`${text} is more than one account: that is for groups`);
          if (before !== undefined) throw new Error(`${text} is ${before} already`);
          owners.set(account.id, id);
          return [account.id];
        } catch (error) {
          complain(['people', id, 'ids', index], error instanceof Error ? error.message : 'is no account');
          return [];
        }
      });
      return [id, { id, name, ids: accounts }];
    }),
  );
}

function buildLimits(shape: PolicyShape, names: Names): readonly RoomLimit[] {
  const entries = Object.entries(shape.rooms ?? {});
  const limits = entries.flatMap(([text, { commands }]) =>
    names.rooms(['rooms', text], [text]).map((room) => ({ room, commands })),
  );
  const named = limits.find(({ room }) => room.text.includes('#'));
  if (named !== undefined && !limits.some(({ room }) => room.isRest)) {
    const { text } = named.room;
    names.complain(
      ['rooms', text],
      `a name can be changed: use the room's id, or say with "*" what may run in other rooms`,
    );
  }
  return limits;
}

function buildFreeze(shape: PolicyShape, index: number, line: number, names: Names): Freeze {
  const { from, to, times, commands, except, because } = shape.freezes?.[index] ?? {};
  const path = ['freezes', index];
  if (from === undefined && to === undefined && times === undefined)
    names.complain(path, 'needs from and to, or times');
  if (from !== undefined && to !== undefined && to <= from) names.complain([...path, 'to'], 'is before from');
  return {
    label: `freeze ${index + 1} (line ${line})`,
    when: [
      ...(from === undefined ? [] : [`from ${isoOf(from)}`]),
      ...(to === undefined ? [] : [`to ${isoOf(to)}`]),
      ...(times ?? []).map(({ text }) => text),
    ].join(', '),
    commands: commands ?? [commandGlob('*')],
    exceptRoles: except?.roles ?? [],
    exceptPeople:
      except?.people === undefined ? undefined : names.members([...path, 'except', 'people'], except.people),
    because,
    isOn: (at) =>
      at >= (from ?? Number.NEGATIVE_INFINITY) &&
      at < (to ?? Number.POSITIVE_INFINITY) &&
      (times === undefined || times.some((time) => time.includes(at))),
    endOf(at) {
      const ends = [to, times === undefined ? undefined : endOf(times, at)].filter((end) => end !== undefined);
      return ends.length === 0 ? undefined : Math.min(...ends);
    },
  };
}

const isoOf = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');

function buildEmergency({ break_glass: given }: PolicyShape, names: Names): Emergency | undefined {
  if (given === undefined) return undefined;
  const path = ['break_glass', 'announce'];
  const announce = given.announce.flatMap((text, index) => {
    const [, input = '', room = ''] = /^(\S+) (\S.*)$/.exec(text) ?? [];
    if (input === '') names.complain([...path, index], `${text} is no room to say something in: write slack #ops`);
    return input === '' ? [] : [{ input, room }];
  });
  return {
    roles: given.roles,
    forMs: given.for,
    announce,
    people: names.members(['break_glass', 'people'], given.people),
  };
}

/** A policy of which nothing is known but what is done when no rule says anything. */
export const emptyPolicy = (defaults: Partial<Policy['defaults']> = {}): Policy => ({
  people: new Map(),
  owners: new Map(),
  groups: new Map(),
  roles: new Map(),
  defaults: { read: 'allow', change: 'deny', ...defaults },
  limits: [],
  rules: [],
  freezes: [],
  emergency: undefined,
  hasOwner: true,
});
