import { CommandError } from './command.ts';
import type { Parameter } from './parameter.ts';

/** A string of JSON, also of JSON that is broken somewhere else. */
const quoted = /"((?:[^"\\\n]|\\.)*)"?/g;

/**
 * The same failure with what may be secret in the text it is about: of a line that cannot be read nobody knows, so each word counts where
 * there is a parameter whose values are secret.
 */
export function doubtful(error: unknown, parameters: readonly Parameter[], words: readonly string[]): unknown {
  // Where something is only missing the rest was understood.
  if (!(error instanceof CommandError) || error.missing !== undefined || !parameters.some(({ isSecret }) => isSecret))
    return error;
  const { code, message, missing, cause } = error;
  return new CommandError(code, message, { missing, cause, secrets: words.flatMap(partsOf) });
}

/** The value behind a name, and the strings of JSON. A name alone is none. */
function partsOf(word: string): readonly string[] {
  if (/^[{[]/.test(word.trim())) return [...word.matchAll(quoted)].flatMap(([, text = '']) => stringsOf(text));
  const equals = /^(?:-{0,2}[A-Za-z_][\w.-]*)=([\s\S]+)$/.exec(word);
  if (equals !== null) return [equals[1] ?? ''];
  return word.startsWith('-') || word === '' ? [] : [word];
}

/** As it is written, and as it is meant. */
function stringsOf(text: string): readonly string[] {
  if (text === '') return [];
  try {
    return [text, JSON.parse(`"${text}"`) as string];
  } catch {
    return [text];
  }
}
