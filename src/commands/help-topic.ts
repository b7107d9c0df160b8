import type { Caller, Command } from './command.ts';
import type { NamedLine } from './help-view.ts';
import { type Found, namesOf } from './name-index.ts';
import type { CommandSet } from './set.ts';
import { findTopic, type Topic, topicsOf } from './topic.ts';
import { shownIn } from './help-view.ts';

/** What somebody asks help about. Of what is behind a command, nothing is repeated. */
export type Subject =
  | { readonly kind: 'all' }
  /** `topic`: one with the same name. `alias`: one that is hidden by it. */
  | {
      readonly kind: 'command';
      readonly found: Found;
      readonly topic: Topic | undefined;
      readonly alias: NamedLine | undefined;
    }
  | { readonly kind: 'alias'; readonly aliases: readonly [NamedLine, ...NamedLine[]] }
  | { readonly kind: 'topic'; readonly topic: Topic }
  /** Commands whose names begin so. */
  | { readonly kind: 'beginning'; readonly isOf: (command: Command) => boolean }
  | { readonly kind: 'search'; readonly words: readonly string[] }
  /** A command, and what somebody would give to it. */
  | { readonly kind: 'line'; readonly found: Found }
  | { readonly kind: 'unknown' };

/** `names`: those that somebody can say where they ask. */
export function subjectOf(
  set: CommandSet,
  words: readonly string[],
  names: (caller: Caller) => readonly NamedLine[],
  caller: Caller,
): Subject {
  const [first] = words;
  if (first === undefined) return { kind: 'all' };
  const asked = words.join(' ');
  const topic = findTopic(topicsOf(shownIn(set)), asked);
  const found = set.find(words) ?? filterNamed(set, words);
  const [alias, ...others] = words.length > 1 ? [] : names(caller).filter(({ name }) => name === first.toLowerCase());
  const start = `${asked.toLowerCase()} `;
  const isOf = (command: Command): boolean => namesOf(command).some((name) => name.startsWith(start));
  const begins = shownIn(set).some(isOf);
  // One that is hidden is there for who left out the rest of the name.
  const isWhole = found?.words === words.length && !(begins && found.command.hidden === true);
  if (isWhole) return { kind: 'command', found, topic, alias };
  if (alias !== undefined) return { kind: 'alias', aliases: [alias, ...others] };
  if (topic !== undefined) return { kind: 'topic', topic };
  if (begins) return { kind: 'beginning', isOf };
  if (first.toLowerCase() === 'search') return { kind: 'search', words: words.slice(1) };
  return found !== undefined && isValue(words[found.words] ?? '') ? { kind: 'line', found } : { kind: 'unknown' };
}

/** No word of a name that somebody mistyped. */
const isValue = (word: string): boolean => /^[-{["'`]|=/.test(word);

function filterNamed(set: CommandSet, [name, ...more]: readonly string[]): Found | undefined {
  const command = name === undefined || more.length > 0 ? undefined : set.filter(name);
  return command === undefined ? undefined : { command, words: 1 };
}
