import { type Arguments, CommandError } from '../commands/command.ts';
import { mendJson } from './json-quotes.ts';
import { readWord, type Word } from './words.ts';

/** A typed line. Its words are split one by one, when somebody asks for them. */
export interface TypedLine extends Arguments {
  /** The first words, `count` at most. Ends before a quote that is never closed: the rest may be meant verbatim. */
  head(count: number): readonly string[];
  /** The same line without its first `count` words. */
  rest(count: number): Arguments;
}

/** Reads `text`, which is one message to the bot without its name. */
export function typedLine(text: string): TypedLine {
  const values: string[] = [];
  const ends: number[] = [];
  let stopped: Word | undefined;
  let complete = false;

  /** Splits on until `count` words are known. False when there are not so many. */
  const split = (count: number): boolean => {
    while (values.length < count && !complete && stopped === undefined) {
      const word = readWord(text, ends[ends.length - 1] ?? 0);
      if (word === undefined) complete = true;
      else if (word.kind === 'unclosed') stopped = word;
      else {
        values.push(word.value);
        ends.push(word.end);
      }
    }
    return values.length >= count;
  };

  const need = (count: number): boolean => {
    if (split(count)) return true;
    if (stopped?.kind === 'unclosed') throw unclosed(text, stopped.quote, stopped.at);
    return false;
  };

  const after = (count: number): string => {
    if (!need(count)) return '';
    const rest = text.slice(count === 0 ? 0 : ends[count - 1]).trim();
    return rest.startsWith('{') || rest.startsWith('[') ? mendJson(rest) : rest;
  };

  const view = (skipped: number): Arguments => ({
    get words() {
      need(Number.POSITIVE_INFINITY);
      return values.slice(skipped);
    },
    word: (index) => (need(index + skipped + 1) ? values[index + skipped] : undefined),
    after: (count) => after(count + skipped),
  });

  return {
    get words() {
      need(Number.POSITIVE_INFINITY);
      return values.slice();
    },
    word: (index) => (need(index + 1) ? values[index] : undefined),
    after,
    head: (count) => {
      split(count);
      return values.slice(0, count);
    },
    rest: view,
  };
}

function unclosed(text: string, quote: string, at: number): CommandError {
  const column = Array.from(text.slice(0, at)).length + 1;
  return new CommandError('usage', `the quote ${quote} at column ${column} is never closed`);
}
