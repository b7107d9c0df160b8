import { type Document, text } from '../document/document.ts';
import type { Command } from './command.ts';
import { shorten } from './declared.ts';
import { note, shownIn, type View } from './help-view.ts';
import { describeProblem, type Problem } from './problem.ts';
import { firstOf, section } from './section.ts';
import { compare } from './set.ts';
import { type Topic, topicsOf } from './topic.ts';

/**
 * The bot's own commands, then those of services, both by name. Commands of a topic are one line together. Whoever reads this has found `help`
 * itself.
 */
export function overview(view: View): Document {
  const { set } = view;
  const shown = view.commands.filter(({ name }) => name !== 'help');
  const own = shown.filter((command) => !isService(command));
  const topics = topicsOf(own).filter(({ commands }) => commands.length > 1);
  const folded = new Set(topics.flatMap(({ commands }) => commands));
  const lines = [
    ...own.filter((command) => !folded.has(command)).map((command) => [command.name, view.line(command)] as const),
    ...topics.map((topic) => [helpFor(topic), lineOf(topic)] as const),
  ].sort(([one], [other]) => compare(one, other));
  const items = [...lines.map(([, line]) => line), ...shown.filter(isService).map((command) => view.line(command))];
  return {
    kind: 'group',
    gap: 0,
    parts: [
      text('\n'),
      { kind: 'list', items },
      ...(set.stale ? [note('\nThe registry is out of reach: commands of services may have changed since.')] : []),
      ...problemSections(set.problems).flatMap((part) => [text(''), part]),
      ...view.more(shownIn(set)),
    ],
  };
}

/** Commands that belong together under a name, one a line. `asked` is that as it was typed. */
export function aboutTopic(view: View, name: string, isOf: (command: Command) => boolean, asked: string): Document {
  const commands = view.commands.filter(isOf);
  const all = shownIn(view.set).filter(isOf);
  return {
    kind: 'group',
    gap: 0,
    parts: [
      commands.length === 0
        ? text(`${name}: nothing that you may run`)
        : section(
            name,
            commands.map((command) => view.line(command)),
          ),
      ...view.more(all, asked),
    ],
  };
}

/** Each kind of problem on its own. There may be one for each service: `help` of a command has those that concern it. */
export const problemSections = (problems: readonly Problem[]): readonly Document[] => [
  ...sectionOf('Broken', firstOf(problems.filter(({ kind }) => kind === 'broken').map(describeProblem))),
  ...sectionOf('Conflicts', firstOf(problems.filter(({ kind }) => kind === 'conflict').map(describeProblem))),
];

export const sectionOf = (title: string, lines: readonly string[]): readonly Document[] =>
  lines.length === 0 ? [] : [section(title, lines)];

const isService = ({ source }: Command): boolean => source.kind === 'service';

const helpFor = ({ name }: Topic): string => `help ${name.toLowerCase()}`;

const lineOf = (topic: Topic): string =>
  shorten(`${helpFor(topic)} - ${topic.commands.map(({ name }) => name).join(', ')}`);
