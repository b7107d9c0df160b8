import { type Document, type Field, text } from '../document/document.ts';
import { oneLine } from '../document/harmless.ts';
import { type Command, CommandError, type Invocation, type Option, type Source } from './command.ts';
import { shorten } from './declared.ts';
import { namesOf } from './name-index.ts';
import { describeProblem, type Problem } from './problem.ts';
import { firstOf, section } from './section.ts';
import type { CommandSet } from './set.ts';
import { suggest } from './suggest.ts';
import { explainVersions } from './versions.ts';

export const help = (commands: () => CommandSet): Command => ({
  name: 'help',
  usage: 'help [command]',
  description: 'Displays help for all known commands',
  source: { kind: 'builtin' },
  effect: 'read',
  isAside: true,
  complete: async (before) => [
    ...new Set(
      commands()
        .commands.filter(({ hidden }) => hidden !== true)
        .map(({ name }) => name.split(' '))
        .filter((words) => before.every((word, index) => words[index] === word.toLowerCase()))
        .flatMap((words) => words.slice(before.length, before.length + 1)),
    ),
  ],
  run: async ({ args }: Invocation): Promise<Document> => {
    const set = commands();
    return args.words.length === 0 ? overview(set) : about(set, args.words);
  },
});

/** The bot's own commands, then those of services, both by name. Whoever reads this has found `help` itself. */
function overview(set: CommandSet): Document {
  const shown = set.commands.filter(({ name, hidden }) => hidden !== true && name !== 'help');
  const isService = ({ source }: Command): boolean => source.kind === 'service';
  const own = shown.filter((command) => !isService(command));
  const lines = [...own, ...shown.filter(isService)].map(({ usage, description }) => `${usage} - ${description}`);
  const stale = text('\nThe registry is out of reach: commands of services may have changed since.');
  return {
    kind: 'group',
    gap: 0,
    parts: [text('\n'), { kind: 'list', items: lines }, ...(set.stale ? [stale] : []), ...describeAll(set.problems)],
  };
}

/** Each kind of problem on its own, after an empty line. */
const describeAll = (problems: readonly Problem[]): readonly Document[] =>
  problemSections(problems).flatMap((part) => [text(''), part]);

/** There may be one for each service: `help` of a command has those that concern it. */
const problemSections = (problems: readonly Problem[]): readonly Document[] => [
  ...sectionOf('Broken', firstOf(problems.filter(({ kind }) => kind === 'broken').map(describeProblem))),
  ...sectionOf('Conflicts', firstOf(problems.filter(({ kind }) => kind === 'conflict').map(describeProblem))),
];

function about(set: CommandSet, words: readonly string[]): Document {
  const found = set.find(words);
  const asked = words.join(' ');
  if (found === undefined || found.words < words.length) {
    const wrong = problemsOf(set, [asked]);
    const meant = wrong.length > 0 ? undefined : suggest(set, asked);
    throw new CommandError(
      'not_found',
      [
        `no command ${oneLine(asked)}${meant === undefined ? '' : `, did you mean ${meant}?`}`,
        ...wrong.map(describeProblem),
      ].join('\n'),
    );
  }
  if (found.missing !== undefined) throw new CommandError('not_found', found.missing);
  const { command } = found;
  const { aliases = [], details = [], examples = [], options = [] } = command;
  return {
    kind: 'group',
    parts: [
      text(`${command.usage} - ${command.description}`),
      ...sectionOf('Parameters', details),
      ...sectionOf('Options', options.map(describeOption)),
      ...sectionOf('Examples', examples),
      {
        kind: 'fields',
        fields: [
          ...field('Also', aliases.join(', ')),
          ...field('Versions', explainVersions(command)),
          ...field('Source', shorten(describeSource(command.source))),
        ],
      },
      ...problemSections(problemsOf(set, namesOf(command))),
    ],
  };
}

const problemsOf = ({ problems }: CommandSet, names: readonly string[]): readonly Problem[] =>
  problems.filter(({ name }) => names.includes(name.toLowerCase()));

const field = (name: string, value: string): readonly Field[] => (value === '' ? [] : [{ name, value }]);

const sectionOf = (title: string, lines: readonly string[]): readonly Document[] =>
  lines.length === 0 ? [] : [section(title, lines)];

function describeOption({ name, alias, kind, usage }: Option): string {
  const value = kind === 'boolean' ? '' : ' value';
  return `${alias === undefined ? '' : `-${alias}, `}--${name}${value} - ${usage}${kind === 'list' ? ' (may be repeated)' : ''}`;
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
