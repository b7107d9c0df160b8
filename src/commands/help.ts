import { type Document, text } from '../document/document.ts';
import { oneLine } from '../document/harmless.ts';
import { type Command, CommandError, type Invocation, type Planned } from './command.ts';
import { shorten } from './declared.ts';
import { aboutCommand, problemsOf } from './help-about.ts';
import { aboutAlias, hiddenBy, namesHere, together } from './help-alias.ts';
import { aboutTopic, overview } from './help-overview.ts';
import { search } from './help-search.ts';
import { subjectOf } from './help-topic.ts';
import { ask, type Asker, shownIn, type View, viewOf } from './help-view.ts';
import { noPlan, type Plan } from './plan.ts';
import { describeProblem } from './problem.ts';
import { firstOf } from './section.ts';
import type { CommandSet } from './set.ts';
import { nearest, suggest } from './suggest.ts';
import { type Topic, topicOf, topicsOf } from './topic.ts';

/** How many commands a person gets to see who asked for one that there is not. */
const maxHints = 3;

/**
 * Tells about commands: all, those of a topic, those that have to do with some words, or one; and about names that people made for lines. Where it is
 * known who may run what, it tells of that alone, unless they want all.
 */
export const help = (commands: () => CommandSet, asker: Asker = {}): Command => ({
  name: 'help',
  usage: 'help [command]',
  description: 'Displays help for all known commands',
  details: [
    'command - all about one',
    'topic - its commands: a service, or one that the overview names',
    'search words - commands that have to do with them',
    ...(asker.names === undefined ? [] : ['alias - what a name stands for that you or somebody in the room made']),
  ],
  examples: ['help list services', 'help search health'],
  source: { kind: 'builtin' },
  effect: 'read',
  isAside: true,
  ...(asker.mayRun === undefined
    ? {}
    : { options: [{ name: 'all', alias: 'a', kind: 'boolean', usage: 'Also what you may not run' }] }),
  complete: async (before) => complete(commands(), before),
  ...(asker.secrets === undefined ? {} : { plan: planHelp(commands, asker, asker.secrets) }),
  run: async ({ args, caller, options }: Invocation): Promise<Document> => {
    const set = commands();
    const { words } = args;
    const { mayRun, names = noNames } = asker;
    const view = (): Promise<View> => viewOf(set, caller, mayRun, options['all'] === true);
    const page = async (command: Command): Promise<Document> => {
      const isAsked = mayRun !== undefined;
      const permission = !isAsked ? 'unasked' : (await ask(command, caller, mayRun)) ? 'allowed' : 'refused';
      return aboutCommand(set, command, permission);
    };
    const asked = words.join(' ');
    const subject = subjectOf(set, words, names, caller);
    switch (subject.kind) {
      case 'all':
        return together(overview(await view()), namesHere(names(caller)));
      case 'command': {
        const { found, topic, alias } = subject;
        if (found.missing !== undefined) throw new CommandError('not_found', found.missing);
        const hasOthers = topic?.commands.some(({ name }) => name !== found.command.name) === true;
        const others = hasOthers ? [aboutTopic(await view(), topic.name, isIn(topic), asked)] : [];
        const about = await page(found.command);
        return together(about, [...hiddenBy(alias), ...others], 1);
      }
      case 'alias':
        return aboutAlias(set, subject.aliases, page);
      case 'topic':
        return aboutTopic(await view(), subject.topic.name, isIn(subject.topic), asked);
      case 'beginning':
        return aboutTopic(await view(), asked.toLowerCase(), subject.isOf, asked);
      case 'search':
        return searchFor(await view(), subject.words);
      case 'line':
        return page(subject.found.command);
      case 'unknown':
        throw notFound(set, await view(), words);
      default:
        return subject satisfies never;
    }
  },
});

const isIn =
  ({ name }: Topic) =>
  (command: Command): boolean =>
    topicOf(command) === name;

const noNames = (): readonly never[] => [];

/** What follows a command's name in help is as secret as when it is run. */
const planHelp =
  (commands: () => CommandSet, { mayRun, names = noNames }: Asker, secrets: NonNullable<Asker['secrets']>) =>
  ({ args, caller }: Planned): Plan | Promise<Plan> => {
    const set = commands();
    const { words } = args;
    const subject = subjectOf(set, words, names, caller);
    const planned = async (line: string): Promise<Plan> => ({ ...noPlan, secrets: await secrets(line, caller) });
    if (subject.kind === 'line') return planned(args.after(0));
    // They may be anything, a line too.
    if (subject.kind === 'search') return planned(args.after(1)).catch(() => noPlan);
    if (subject.kind !== 'unknown') return noPlan;
    return planned(args.after(0)).catch(async (error: unknown) => {
      if (!(error instanceof CommandError) || error.code !== 'not_found') throw error;
      // Nobody can tell what of it is secret, so that it is kept nowhere.
      throw notFound(set, await viewOf(set, caller, mayRun, false), plainOf(words));
    });
  };

/** Without what is no part of a name. */
function plainOf(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word) => !/^[\p{L}\p{N}._-]+$/u.test(word) || word.startsWith('-'));
  return at < 1 ? words.slice(0, 1) : words.slice(0, at);
}

function searchFor(view: View, words: readonly string[]): Document {
  if (words.length === 0) throw new CommandError('usage', 'search for what? help search health');
  const items = firstOf(search(view.commands, words).map((command) => view.line(command)));
  const more = view.more(search(shownIn(view.set), words), `search ${words.join(' ')}`);
  if (items.length === 0 && more.length === 0) {
    throw new CommandError('not_found', `no command has to do with ${shorten(words.join(' '))}`);
  }
  const found: Document = items.length === 0 ? text('nothing that you may run') : { kind: 'list', items };
  return { kind: 'group', gap: 0, parts: [found, ...more] };
}

function notFound(set: CommandSet, view: View, words: readonly string[]): CommandError {
  const asked = words.join(' ');
  const wrong = problemsOf(set, [asked]);
  const topics = topicsOf(view.commands).map(({ name }) => ({ name: name.toLowerCase(), meant: name.toLowerCase() }));
  const meant = wrong.length > 0 ? undefined : (suggest(set, asked) ?? nearest(topics, asked));
  if (words.length === 1 && meant !== undefined && asked.toLowerCase() === meant) {
    return new CommandError('not_found', `${meant} is one word in its quotes. Ask without them: help ${meant}`);
  }
  const hints = wrong.length > 0 || meant !== undefined ? [] : search(view.commands, words).slice(0, maxHints);
  return new CommandError(
    'not_found',
    [
      `no command ${oneLine(asked)}${meant === undefined ? '' : `, did you mean ${meant}?`}`,
      ...wrong.map(describeProblem),
      ...(hints.length === 0 ? [] : [`It may be about ${hints.map(({ name }) => name).join(', ')}`]),
    ].join('\n'),
  );
}

/** The next word of a command's name; at the front also of a topic's. */
function complete(set: CommandSet, before: readonly string[]): readonly string[] {
  const shown = shownIn(set);
  const topics = topicsOf(shown).map(({ name }) => name.toLowerCase());
  const names = [...shown.map(({ name }) => name), ...topics, 'search'].map((name) => name.split(' '));
  const fitting = names.filter((words) => before.every((word, index) => words[index] === word.toLowerCase()));
  return [...new Set(fitting.flatMap((words) => words.slice(before.length, before.length + 1)))];
}
