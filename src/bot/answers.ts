import { CommandError } from '../commands/command.ts';
import { wordsOf } from './invocation/conceal.ts';
import type { CommandSet } from '../commands/set.ts';
import { suggest } from '../commands/suggest.ts';
import { type Document, text } from '../document/document.ts';
import { formatDuration } from '../runtime/duration.ts';
import { visible } from './approval/visible.ts';

/** More of an unknown word is not repeated. */
const maxShown = 40;

/** To a person who only called the bot's name. */
export const hint = 'Say "help" to see what I can do.';

/** To a person whose command was ended because the bot goes. */
export const stopped = 'stopped: the bot is shutting down';

/** To a person who took the command back. */
export const cancelled = 'cancelled';

/** To a person who took back what they were asked about. */
export const leftAlone = 'left: nothing was run';

/** To a person who writes faster than commands are answered. Said once, until all that wait were answered. */
export const crowded = (waiting: number): string =>
  `too many messages: ${waiting} of yours wait for their turn, and no more are taken until those are answered`;

/** To a person who comes when everything is in use. */
export const busy = (running: number): string => `too busy: ${running} commands are running, try again in a moment`;

/** To a person whose command would have to wait behind too many. */
export const crowdedJobs = 'not run: too many commands of yours wait for their turn already';

export const timedOut = (timeoutMs: number): string =>
  `error executing cmd: timed out after ${formatDuration(timeoutMs * 1e6)}`;

/** What a person reads when a command failed: the command's own words where it explains how to write it, marked otherwise. */
export function failure(error: unknown): string {
  if (error instanceof CommandError && error.code === 'usage') return error.message;
  const message = wordsOf(error instanceof Error ? error.message : error);
  return `error executing cmd: ${message === '' ? 'it failed and did not say why' : message}`;
}

/** To a person who meant the bot with words that it doesn't know. */
export function unknown(set: CommandSet, words: readonly string[]): Document {
  const first = Array.from(words[0] ?? '');
  const shown = first.length > maxShown ? `${first.slice(0, maxShown).join('')}…` : first.join('');
  const meant = suggest(set, words.slice(0, 2).join(' '));
  if (meant === undefined) return text(`unknown command "${shown}". Try "help".`);
  // What looks like the command itself has letters in it that nobody sees.
  const sentence = isQuoted(shown, meant)
    ? `unknown command: "${shown}" is one word in its quotes. Say it without them.`
    : `unknown command "${visible(shown)}", did you mean "${meant}"? Try "help".`;
  return {
    kind: 'group',
    parts: [text(sentence), { kind: 'actions', actions: [{ label: meant, line: meant }] }],
  };
}

const isQuoted = (word: string, meant: string): boolean => word.includes(' ') && word.toLowerCase().startsWith(meant);
