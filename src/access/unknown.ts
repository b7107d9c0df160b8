import type { Command } from '../commands/command.ts';
import type { Glob } from './glob.ts';
import { commandOf, type KnownCommands, namesOf } from './known.ts';
import { lacking } from './lacking.ts';
import type { Policy } from './policy.ts';
import type { UnknownName } from './unknown-name.ts';

interface Mention {
  readonly label: string;
  readonly commands: readonly Glob[];
}

/** In the order of the file: commands that there are not, what they cannot be given, and roles that nobody can hold. */
export function unknownNames(policy: Policy, known: KnownCommands | undefined): readonly UnknownName[] {
  const mentions: readonly Mention[] = [
    ...policy.limits.map(({ room, commands }) => ({ label: `the room ${room.text}`, commands })),
    ...policy.rules,
    ...policy.freezes,
  ];
  const commands = known === undefined ? [] : unknownCommands(mentions, known);
  const parameters = known === undefined ? [] : unknownParameters(policy, known);
  return [...commands, ...parameters, ...vacantRoles(policy), ...impossible(policy)];
}

function unknownParameters({ rules }: Policy, known: KnownCommands): readonly UnknownName[] {
  const found = new Map<string, readonly Command[]>();
  const find = (wanted: Glob): readonly Command[] => {
    if (wanted.text.includes('*')) {
      return known.commands.filter((command) => namesOf(command).some((name) => wanted.fits(name)));
    }
    const command = commandOf(known, wanted.text);
    return command === undefined ? known.commands.filter(({ name }) => name === wanted.text) : [command];
  };
  return rules.flatMap((rule) =>
    lacking(rule, (wanted) => {
      const commands = found.get(wanted.text) ?? find(wanted);
      found.set(wanted.text, commands);
      return commands;
    }),
  );
}

function unknownCommands(mentions: readonly Mention[], known: KnownCommands): readonly UnknownName[] {
  let names: readonly string[] | undefined;
  const judged = new Map<string, string | undefined>();
  const judge = (wanted: Glob): string | undefined => {
    const { text, isAll } = wanted;
    if (isAll) return undefined;
    if (text.includes('@') && !text.includes('*')) {
      return 'a version has no rules of its own, and this does nothing: name the command';
    }
    if (!text.includes('*')) return isThere(known, text) ? undefined : nobody;
    names ??= known.commands.flatMap(namesOf);
    return names.some((each) => wanted.fits(each)) ? undefined : nobody;
  };
  return mentions.flatMap(({ label, commands }) =>
    commands.flatMap((each) => {
      const { text } = each;
      if (!judged.has(text)) judged.set(text, judge(each));
      const why = judged.get(text);
      return why === undefined ? [] : [{ label, name: text, why }];
    }),
  );
}

const nobody = 'there is no such command at the moment';

/** Filters are commands, too, and are found behind a pipe alone. */
const isThere = (known: KnownCommands, name: string): boolean =>
  commandOf(known, name) !== undefined || known.commands.some((each) => each.name === name);

/** Rules about people of whom nobody holds the roles. Who is known by their account alone may be anybody. */
function impossible({ rules, roles, emergency }: Policy): readonly UnknownName[] {
  return rules.flatMap(({ label, kind, people, roles: wanted }) => {
    const members = wanted.map((role) => roles.get(role)).filter((each) => each !== undefined);
    const isOpen = wanted.some((role) => emergency?.roles.includes(role) === true);
    const lists = [...(people === undefined ? [] : [people]), ...members];
    if (isOpen || members.length < Math.max(1, wanted.length) || lists.length < 2) return [];
    if (lists.some(({ accounts, isEverybody }) => isEverybody || accounts.length > 0)) return [];
    const [first, ...others] = lists.map((list) => list.people);
    // Of several roles one is enough to be denied.
    const fits = (person: string): boolean =>
      kind === 'deny' && people !== undefined
        ? others.some((each) => each.has(person))
        : kind === 'deny' || others.every((each) => each.has(person));
    if ([...(first ?? [])].some(fits)) return [];
    const who = [...(people === undefined ? [] : [people.text]), ...wanted.map((role) => `the role ${role}`)];
    return [{ label, name: who.join(' with '), why: 'nobody in the file is all of that' }];
  });
}

function vacantRoles({ roles, rules, freezes, emergency }: Policy): readonly UnknownName[] {
  const held = new Set([...roles.keys(), ...(emergency?.roles ?? [])]);
  const wanted = [
    ...rules.map(({ label, roles: each }) => ({ label, roles: each })),
    ...freezes.map(({ label, exceptRoles }) => ({ label, roles: exceptRoles })),
  ];
  return wanted.flatMap(({ label, roles: each }) =>
    each
      .filter((role) => !held.has(role))
      .map((name) => ({ label, name: `the role ${name}`, why: 'the file gives it to nobody' })),
  );
}
