import { type Document, type Field, text } from '../document/document.ts';
import type { Command, Option, Source } from './command.ts';
import { shorten } from './declared.ts';
import { problemSections, sectionOf } from './help-overview.ts';
import { namesOf } from './name-index.ts';
import type { Guard } from './plan.ts';
import type { Problem } from './problem.ts';
import type { CommandSet } from './set.ts';
import { explainVersions } from './versions.ts';

/** Whether the person who asks may run a command. `unasked`: nobody decides such things here. */
export type Permission = 'allowed' | 'refused' | 'unasked';

/** All there is to know about a command. */
export function aboutCommand(set: CommandSet, command: Command, permission: Permission): Document {
  const { aliases = [], details = [], examples = [], options = [], effect = 'change', guard } = command;
  return {
    kind: 'group',
    parts: [
      text(`${command.usage} - ${command.description}`),
      ...(permission === 'refused' ? [text(refused(set, command))] : []),
      ...sectionOf('Parameters', details),
      ...sectionOf('Options', options.map(describeOption)),
      ...(examples.length === 0 ? [] : [pastable('Examples', examples)]),
      {
        kind: 'fields',
        fields: [
          ...field('Also', aliases.join(', ')),
          ...field('Versions', explainVersions(command)),
          ...field('Source', shorten(describeSource(command.source))),
          ...field('Needs', guard === undefined ? '' : describeGuard(guard)),
          ...field('Effect', permission === 'unasked' ? '' : effect === 'read' ? 'only reads' : 'changes something'),
        ],
      },
      ...problemSections(problemsOf(set, namesOf(command))),
    ],
  };
}

export const problemsOf = ({ problems }: CommandSet, names: readonly string[]): readonly Problem[] =>
  problems.filter(({ name }) => names.includes(name.toLowerCase()));

function refused(set: CommandSet, { name }: Command): string {
  const why = set.find(['why', "can't", 'i'])?.words === 3 ? `: say "why can't I ${name}" to see why` : '';
  return `You may not run it here${why}.`;
}

/** Networks show code with its quotes as they are. */
const pastable = (title: string, lines: readonly string[]): Document => ({
  kind: 'group',
  gap: 0,
  parts: [text(`${title}:`), { kind: 'code', text: lines.map((line) => `  ${line}`).join('\n') }],
});

const field = (name: string, value: string): readonly Field[] => (value === '' ? [] : [{ name, value }]);

function describeOption({ name, alias, kind, usage }: Option): string {
  const value = kind === 'boolean' ? '' : ' value';
  return `${alias === undefined ? '' : `-${alias}, `}--${name}${value} - ${usage}${kind === 'list' ? ' (may be repeated)' : ''}`;
}

function describeGuard({ scopes, confirm, approvals }: Guard): string {
  return shorten(
    [
      ...(scopes.length === 0 ? [] : [`the role${scopes.length === 1 ? '' : 's'} ${scopes.join(', ')}`]),
      ...(confirm ? ['your confirmation'] : []),
      ...(approvals === 0
        ? []
        : [approvals === 1 ? 'the approval of somebody else' : `the approval of ${approvals} others`]),
    ].join(', '),
  );
}

function describeSource(source: Source): string {
  switch (source.kind) {
    case 'builtin':
      return 'built in';
    case 'user':
      return 'added to this bot';
    case 'service':
      return `service ${[source.service, source.version, source.endpoint].filter((part) => part !== '').join(' ')}`;
    default:
      return source satisfies never;
  }
}
