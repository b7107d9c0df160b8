import type { Command } from '../commands/command.ts';
import type { Document, Field } from '../document/document.ts';
import { oneLine } from '../document/harmless.ts';
import { identityOf } from './asker.ts';
import type { FileAccess } from './create.ts';
import type { Members } from './policy.ts';
import type { Profile } from './profile.ts';

export const whoami = (access: FileAccess): Command => ({
  name: 'whoami',
  usage: 'whoami',
  description: 'Shows who you are to the bot, and what you hold',
  source: { kind: 'builtin' },
  effect: 'read',
  isAside: true,
  run: async ({ caller }): Promise<Document> => {
    const identity = identityOf(caller);
    return { kind: 'fields', fields: fieldsOf(access.profileOf(identity), oneLine(identity.name)) };
  },
});

function fieldsOf({ person, ids, groups, ownRoles, isOwner, elevation }: Profile, name: string): readonly Field[] {
  if (!person.isKnown) return [{ name: 'You', value: `${name}; the network does not vouch for who that is` }];
  return [
    { name: 'You', value: `${oneLine(person.id)} (${name})` },
    { name: 'Accounts', value: listed(ids) },
    { name: 'Groups', value: listed(groups) },
    { name: 'Roles', value: shownRoles(ownRoles, isOwner) },
    ...(elevation === undefined
      ? []
      : [
          {
            name: 'Emergency',
            value: `${listed(elevation.roles)} until ${new Date(elevation.until).toISOString()}: ${oneLine(elevation.reason)}`,
          },
        ]),
  ];
}

/** Who sits at the console of the bot holds all of them. */
export const shownRoles = (own: readonly string[], isOwner: boolean): string =>
  listed(isOwner ? [...own, `every ${own.length === 0 ? 'role' : 'other'}, at the console of the bot`] : own);

const listed = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.map(oneLine).join(', '));

/** Who holds what, as the access file has it. */
export const rolesCommand = (access: FileAccess): Command => ({
  name: 'roles',
  usage: 'roles',
  description: 'Shows the roles, and who holds them',
  source: { kind: 'builtin' },
  effect: 'read',
  isAside: true,
  run: async (): Promise<Document> => {
    const { roles, groups } = access.policy;
    if (roles.size === 0) return { kind: 'text', text: 'there are no roles: the access file gives none' };
    const rows = (kind: string, all: ReadonlyMap<string, Members>): readonly (readonly string[])[] =>
      [...all].map(([name, { text }]) => [name, kind, text]);
    return {
      kind: 'table',
      columns: ['Name', 'Kind', 'Members'].map((title) => ({ title })),
      rows: [...rows('role', roles), ...rows('group', groups)],
    };
  },
});
