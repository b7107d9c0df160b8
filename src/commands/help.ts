import { type Document, text } from '../document/document.ts';
import { oneLine } from '../document/harmless.ts';
import { type Command, CommandError, type Invocation } from './command.ts';
import { shorten } from './declared.ts';
import { aboutCommand, type Permission, problemsOf } from './help-about.ts';
import { aboutTopic, overview } from './help-overview.ts';
import { search } from './help-search.ts';
import { ask, type MayRun, shownIn, type View, viewOf } from './help-view.ts';
import { describeProblem } from './problem.ts';
import { firstOf } from './section.ts';
import type { Found } from './name-index.ts';
import type { CommandSet } from './set.ts';
import { nearest, suggest } from './suggest.ts';
import { findTopic, topicsOf } from './topic.ts';

/** How many commands a person gets to see who asked for one that there is not. */
const maxHints = 3;

/**
 * Tells about commands: all, those of a topic, those that have to do with some words, or one. With `mayRun` it tells of those alone that the
 * person who asks may run, unless they want all.
 */
export const help = (commands: () => CommandSet, mayRun?: MayRun): Command => ({
  name: 'help',
  usage: 'help [command]',
  description: 'Displays help for all known commands',
  details: [
    'command - all about one',
    'topic - its commands: a service, or one that the overview names',
    'search words - commands that have to do with them',
  ],
  examples: ['help list services', 'help search health'],
  source: { kind: 'builtin' },
  effect: 'read',
  isAside: true,
  ...(mayRun === undefined
    ? {}
    : { options: [{ name: 'all', alias: 'a', kind: 'boolean', usage: 'Also what you may not run' }] }),
  complete: async (before) => complete(commands(), before),
  run: async ({ args, caller, options }: Invocation): Promise<Document> => {
    const set = commands();
    const { words } = args;
    const view = (): Promise<View> => viewOf(set, caller, mayRun, options['all'] === true);
    if (words.length === 0) return overview(await view());

    const asked = words.join(' ');
    const topic = findTopic(topicsOf(shownIn(set)), asked);
    const found = set.find(words) ?? filterNamed(set, words);
    if (found?.words === words.length) {
      if (found.missing !== undefined) throw new CommandError('not_found', found.missing);
      const permission: Permission =
        mayRun === undefined ? 'unasked' : (await ask(found.command, caller, mayRun)) ? 'allowed' : 'refused';
      const page = aboutCommand(set, found.command, permission);
      const hasOthers = topic?.commands.some(({ name }) => name !== found.command.name) === true;
      return !hasOthers ? page : { kind: 'group', parts: [page, aboutTopic(await view(), topic, asked)] };
    }
    if (topic !== undefined) return aboutTopic(await view(), topic, asked);
    if (words[0]?.toLowerCase() === 'search') return searchFor(await view(), words.slice(1));
    throw notFound(set, await view(), words);
  },
});

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

function filterNamed(set: CommandSet, [name, ...more]: readonly string[]): Found | undefined {
  const command = name === undefined || more.length > 0 ? undefined : set.filter(name);
  return command === undefined ? undefined : { command, words: 1 };
}
