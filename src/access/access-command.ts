import { type Command, CommandError } from '../commands/command.ts';
import type { Document } from '../document/document.ts';
import { lookAt, pages } from './access-pages.ts';
import { identityOf } from './asker.ts';
import type { FileAccess } from './create.ts';

/** The access file as it counts now, and what in it may not be what somebody meant. */
export const accessCommand = (access: FileAccess, now: () => number): Command => ({
  name: 'access',
  usage: 'access [rules | roles | person | freezes] [about]',
  description: 'Shows which rules count, and what of them does nothing',
  examples: ['access', 'access rules', 'access rules deploy', 'access person ann'],
  details: [
    'rules - all of them, in the order in which they count, or those about a command',
    'roles - who holds what, which rules name it, and the groups',
    'person - what somebody holds, by their name in the file or an account, and the rules that name them',
    'freezes - and whether they are on',
    'What stands behind access is for those who hold admin',
  ],
  source: { kind: 'builtin' },
  effect: 'read',
  isAside: true,
  complete: async (before) => (before.length === 0 ? Object.keys(pages) : []),
  run: async ({ args, caller }): Promise<Document> => {
    const { file, policy, problem, unknown } = access;
    // Where the door is open is for those who can close it.
    const isAdmin = access.personOf(identityOf(caller)).roles.has('admin');
    const asked = args.word(0)?.toLowerCase();
    if (asked !== undefined) return pageFor(asked, isAdmin)(access, args.words.slice(1).join(' '), now());
    const exposure = isAdmin ? access.exposure : undefined;
    const { people, groups, roles, rules, freezes, defaults } = policy;
    const troubles = [
      ...(problem === undefined ? [] : [`the file cannot be used as it is now, an earlier one counts: ${problem}`]),
      ...(exposure === undefined ? [] : [exposure]),
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
        ...lookAt(unknown, ...troubles),
      ],
    };
  },
});

/** Throws a `CommandError` (`usage`) for what there is not, and for those who may not see it. */
function pageFor(asked: string, isAdmin: boolean): (typeof pages)['rules'] {
  const page = Object.entries(pages).find(([name]) => name === asked)?.[1];
  if (page === undefined) throw new CommandError('usage', `access of what? ${Object.keys(pages).join(', ')}`);
  if (isAdmin) return page;
  throw new CommandError(
    'usage',
    'the rules are for those who hold admin. can i and who can tell what counts for a command, whoami what you hold',
  );
}

/** `2 people, 1 group` would want grammar: `people 2, groups 1`. */
const counted = (parts: Readonly<Record<string, { readonly size: number } | readonly unknown[]>>): string =>
  Object.entries(parts)
    .map(([name, part]) => `${name} ${'size' in part ? part.size : part.length}`)
    .join(', ');
