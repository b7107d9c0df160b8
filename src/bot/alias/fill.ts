import { CommandError } from '../../commands/command.ts';
import { oneLine } from '../../document/harmless.ts';
import { checkJson } from '../../document/json.ts';
import { readBrackets } from '../brackets.ts';
import { isClosed } from '../closed.ts';
import { beforeSpace, trimSpaces } from '../letters.ts';
import { typedArguments } from '../line.ts';
import { quoteWord } from '../quote.ts';
import { readWord } from '../words.ts';
import { type Piece, readReferences, type Reference } from './references.ts';

/** A line that got longer is nobody's intention. */
export const maxFilled = 65_536;

const maxShown = 200;

/** What stands behind a name. */
interface Given {
  readonly words: readonly string[];
  readonly typed: string;
}

type Part = { readonly kind: 'kept'; readonly text: string } | Filled;

type Filled =
  /** A word that reads as its pieces say, whatever is filled in. */
  | { readonly kind: 'word'; readonly pieces: readonly Piece[] }
  /** A value in brackets. */
  | { readonly kind: 'json'; readonly pieces: readonly Piece[] };

/**
 * The line behind an alias with the words that were typed behind its name. Where it says `$1` … `$9`, `$*` or `$@`, they are filled in: each is a
 * word there, or part of one, or a value in JSON, and never an operator, a quote or a bracket. Otherwise what was typed follows the line. Throws
 * a `CommandError` (`usage`) for too few words and for too many.
 */
export function fill(name: string, line: string, typed: string): string {
  const parts = partsOf(line);
  const references = parts
    .flatMap((part) => (part.kind === 'kept' ? [] : part.pieces))
    .filter((piece) => typeof piece !== 'string');
  const isFilled = references.length > 0;
  const given: Given = { words: isFilled ? typedArguments(typed).words : [], typed };
  const wrong = isFilled ? mistake(references, given.words.length) : undefined;
  if (wrong !== undefined) throw new CommandError('usage', `${name} ${wrong}: ${name} is ${shown(line)}`);
  const length = references.reduce((sum, each) => sum + textOf(each, given).length, line.length + typed.length);
  if (length > maxFilled) throw tooLong();
  const last = parts.findLastIndex((part) => part.kind !== 'kept' || trimSpaces(part.text) !== '');
  const filled = parts.map((part, index) => write(part, given, index === last)).join('');
  const rest = isFilled ? '' : trimSpaces(typed);
  return rest === '' ? filled : `${beforeSpace(filled)} ${rest}`;
}

export const tooLong = (): CommandError =>
  new CommandError('usage', `with its aliases replaced, the line is too long: at most ${maxFilled} letters`);

function mistake(references: readonly Reference[], given: number): string | undefined {
  const plural = (count: number): string => (count === 1 ? 'one word' : `${count} words`);
  const indexes = references.flatMap((each) => (each.kind === 'word' ? [each] : []));
  const least = Math.max(0, ...indexes.map(({ index, otherwise }) => (otherwise === undefined ? index + 1 : 0)));
  const most = references.some(({ kind }) => kind === 'all')
    ? Number.POSITIVE_INFINITY
    : Math.max(...indexes.map(({ index }) => index + 1));
  if (given < least) return `needs ${plural(least)}`;
  return given > most ? `takes no more than ${plural(most)}` : undefined;
}

/** Takes a line apart without changing what any of it means. */
function partsOf(line: string): readonly Part[] {
  const parts: Part[] = [];
  let done = 0;
  let seeksEnds = true;
  for (;;) {
    const word = readWord(line, done, seeksEnds);
    if (word?.kind !== 'word') return [...parts, { kind: 'kept', text: line.slice(done) }];
    if (word.isOpen) seeksEnds = false;
    const typed = line.slice(word.start, word.end);
    parts.push({ kind: 'kept', text: line.slice(done, word.start) }, partOf(typed, word.value));
    done = word.end;
  }
}

function partOf(typed: string, value: string): Part {
  const at = /^[\w.-]*=(?=[{[])|^(?=[{[])/.exec(typed)?.[0].length;
  const pieces = readReferences(value);
  // Commands may take their text as it was typed, quotes and all.
  const isPlain = pieces.every((piece) => typeof piece === 'string') && pieces.join('') === value;
  if (isPlain || typed.startsWith('`')) return { kind: 'kept', text: typed };
  const isJson = at !== undefined && readBrackets(value, at)?.end === value.length;
  return { kind: isJson ? 'json' : 'word', pieces };
}

function write(part: Part, given: Given, isLast: boolean): string {
  switch (part.kind) {
    case 'kept':
      return part.text;
    case 'word':
      return writeWord(part.pieces, given, isLast);
    case 'json':
      return writeJson(part.pieces, given);
    default:
      return part satisfies never;
  }
}

/** `isLast`: nothing follows that it could swallow. */
function writeWord(pieces: readonly Piece[], given: Given, isLast: boolean): string {
  const [only, ...others] = pieces;
  if (others.length === 0 && typeof only === 'object' && only.kind === 'all') {
    const isTyped = only.isVerbatim && (isLast || isClosed(given.typed));
    return isTyped ? trimSpaces(given.typed) : given.words.map(quoteWord).join(' ');
  }
  return quoteWord(pieces.map((piece) => (typeof piece === 'string' ? piece : textOf(piece, given))).join(''));
}

/** In a string of JSON it is text; elsewhere it is JSON, or becomes a string. */
function writeJson(pieces: readonly Piece[], given: Given): string {
  let written = '';
  let isInString = false;
  let isEscaped = false;
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      for (const char of piece) {
        if (isEscaped) isEscaped = false;
        else if (isInString && char === '\\') isEscaped = true;
        else if (char === '"') isInString = !isInString;
      }
      written += piece;
    } else if (isInString) {
      // A backslash before it would make a quote of what was escaped.
      written += (isEscaped ? '\\' : '') + JSON.stringify(textOf(piece, given)).slice(1, -1);
      isEscaped = false;
    } else written += piece.kind === 'all' ? given.words.map(jsonOf).join(',') : jsonOf(textOf(piece, given));
  }
  return written;
}

const textOf = (reference: Reference, { words }: Given): string =>
  reference.kind === 'all' ? words.join(' ') : (words[reference.index] ?? reference.otherwise ?? '');

function jsonOf(word: string): string {
  try {
    checkJson(word);
    return word;
  } catch {
    return JSON.stringify(word);
  }
}

export function shown(line: string): string {
  const letters = Array.from(oneLine(line));
  return letters.length > maxShown ? `${letters.slice(0, maxShown).join('')}…` : letters.join('');
}
