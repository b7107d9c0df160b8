import type { Command } from '../commands/command.ts';
import { type Document, text } from '../document/document.ts';
import { identityOf } from './asker.ts';
import type { FileAccess } from './create.ts';
import { sentenceOf } from './remarks.ts';

/** More are counted. */
const mostNames = 50;

/** The access file as it counts now, and what in it may not be what somebody meant. */
export const accessCommand = (access: FileAccess): Command => ({
  name: 'access',
  usage: 'access',
  description: 'Shows which rules count, and what of them does nothing',
  source: { kind: 'builtin' },
  effect: 'read',
  isAside: true,
  run: async ({ caller }): Promise<Document> => {
    const { file, policy, problem, unknown } = access;
    // Where the door is open is for those who can close it.
    const isAdmin = access.personOf(identityOf(caller)).roles.has('admin');
    const exposure = isAdmin ? access.exposure : undefined;
    const { people, groups, roles, rules, freezes, defaults } = policy;
    const troubles = [
      ...(problem === undefined ? [] : [`the file cannot be used as it is now, an earlier one counts: ${problem}`]),
      ...(exposure === undefined ? [] : [exposure]),
      ...unknown.slice(0, mostNames).map(sentenceOf),
      ...(unknown.length > mostNames ? [`and ${unknown.length - mostNames} more`] : []),
    ];
    return {
      kind: 'group',
      parts: [
        {
          kind: 'fields',
          fields: [
            { name: 'File', value: file ?? 'none' },
            { name: 'Has', value: counted({ people, groups, roles, rules, freezes }) },
            { name: 'Otherwise', value: `reading: ${defaults.read}, changing: ${defaults.change}` },
          ],
        },
        ...(troubles.length === 0
          ? []
          : [{ kind: 'group', gap: 0, parts: [text('Look at:'), { kind: 'list', items: troubles }] } as const]),
      ],
    };
  },
});

/** `2 people, 1 group` would want grammar: `people 2, groups 1`. */
const counted = (parts: Readonly<Record<string, { readonly size: number } | readonly unknown[]>>): string =>
  Object.entries(parts)
    .map(([name, part]) => `${name} ${'size' in part ? part.size : part.length}`)
    .join(', ');
