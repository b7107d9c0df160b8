import { deadline } from '../async/deadline.ts';
import type { Command } from '../commands/command.ts';
import type { CommandSet } from '../commands/set.ts';
import { typedLine } from './line.ts';
import { readWord } from './words.ts';

type Found = { readonly command: Command; readonly words: number };

/** A person who pressed TAB does not wait longer for a registry. */
const completeMs = 2_000;

/** `/list services` is `list services`. */
const slash = /^\s*\/(?!\s)/;

/**
 * Candidates for the last word of `line`, which is empty when the line ends in a space: the next words of commands, behind a pipe of those that
 * can stand there, and what the command that stands there already knows. Candidates begin with what was typed, in any case. Never rejects.
 */
export async function completeLine(set: CommandSet, line: string): Promise<readonly string[]> {
  const slashed = slash.test(line);
  const { text, place } = lastStage(line.replace(slash, ''));
  const words = typedLine(text).head(Number.POSITIVE_INFINITY);
  const before = text === '' || /\s$/.test(text) ? words : words.slice(0, -1);
  const typed = (before.length === words.length ? '' : (words[words.length - 1] ?? '')).toLowerCase();
  const candidates =
    place === 'target'
      ? before.length === 0
        ? ['me']
        : []
      : [
          ...nextWords(set, before, place === 'pipe'),
          ...versions(set, before, typed),
          ...(await fromCommand(place === 'pipe' ? filterOf(set, before) : set.find(before), before)),
        ];
  const fitting = [...new Set(candidates)].filter((word) => word.toLowerCase().startsWith(typed)).sort();
  return slashed && before.length === 0 ? fitting.map((word) => `/${word}`) : fitting;
}

/** What is being typed: a command at the front or behind a pipe, or where the answer goes. */
interface Typing {
  readonly text: string;
  readonly place: 'front' | 'pipe' | 'target';
}

function lastStage(line: string): Typing {
  let typing: Typing = { text: line, place: 'front' };
  let at = 0;
  for (;;) {
    const word = readWord(line, at, true);
    if (word?.kind !== 'word' || word.end === line.length) return typing;
    at = word.end;
    const sign = line.slice(word.start, word.end);
    if (sign === '|' || sign === '>') typing = { text: line.slice(at), place: sign === '|' ? 'pipe' : 'target' };
  }
}

function nextWords(set: CommandSet, before: readonly string[], isPiped: boolean): readonly string[] {
  const head = before.map((word) => word.toLowerCase());
  return set.commands
    .filter((command) => command.hidden !== true && isPiped === (command.filter !== undefined))
    .map(({ name }) => name.split(' '))
    .filter((name) => name.length > head.length && head.every((word, index) => name[index] === word))
    .flatMap((name) => name.slice(head.length, head.length + 1));
}

/** `deploy@`: the versions of what stands before it. */
function versions(set: CommandSet, before: readonly string[], typed: string): readonly string[] {
  const name = typed.slice(0, Math.max(0, typed.indexOf('@')));
  const found = name === '' ? undefined : set.find([...before, name]);
  if (found?.words !== before.length + 1) return [];
  const texts = (found.command.versions ?? []).map(({ version }) => version);
  return texts.filter((version) => !/\s/.test(version)).map((version) => `${name}@${version}`);
}

function filterOf(set: CommandSet, [name]: readonly string[]): Found | undefined {
  const command = name === undefined ? undefined : set.filter(name);
  return command === undefined ? undefined : { command, words: 1 };
}

async function fromCommand(found: Found | undefined, before: readonly string[]): Promise<readonly string[]> {
  if (found?.command.complete === undefined) return [];
  using limit = deadline(undefined, completeMs);
  try {
    const late = new Promise<readonly string[]>((resolve) => {
      limit.signal.addEventListener('abort', () => resolve([]), { once: true });
    });
    return await Promise.race([found.command.complete(before.slice(found.words), limit.signal), late]);
  } catch {
    // Completion is a comfort: who types on sees the error when it matters.
    return [];
  }
}
