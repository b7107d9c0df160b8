import { readBrackets } from './brackets.ts';
import { readCode } from './code.ts';
import { doubles, isQuote, isSpace, mayEscape, singles } from './letters.ts';

/** One word of a line: what it means without its quotes, and where it stands; or a quote that is never closed, and where that is. */
export type Word =
  | {
      readonly kind: 'word';
      readonly value: string;
      readonly start: number;
      readonly end: number;
      /** A bracket or a fence in it is never closed. Looking for the ends of further ones is of no use. */
      readonly isOpen: boolean;
    }
  | { readonly kind: 'unclosed'; readonly quote: string; readonly at: number };

/**
 * Two dashes became one long one (`—flag`, `–flag`), or one before a single letter (`–v`); or each became another that looks like it, as in what is copied
 * from a document (`‑‑flag`, `––flag`).
 */
const otherDashes = /[-‐‑‒–—―−]{2}(?=\p{L})|[‐‑‒−](?=(\p{L}))|[–—―](?=(\p{L}(?=[\s=]|$))|\p{L})/uy;

/** Letters by character code: 1 is plain, 2 a space, 0 needs care, as everything beyond the table does. */
const letters = new Uint8Array(128).fill(1);
for (const char of `"'\\{[\``) letters[char.charCodeAt(0)] = 0;
for (const char of ' \t\n\r') letters[char.charCodeAt(0)] = 2;

/**
 * The next word of `text` from `from` on, or undefined when only space is left.
 *
 * A quote opens at the start of a word, after `=`, and within a word that has been quoted before; anywhere else it is a letter (`don't`).
 * Single quotes take everything as it is. A backslash makes a quote, a space or a backslash plain, and an operator that is the whole word;
 * before anything else it is a letter (`C:\dir`). Where a quote may open, so may a value in brackets, which is one word as JSON is, and code
 * between backticks, one or a fence of them, whose inside is the word. `seeksEnds` false: brackets and backticks are letters.
 */
export function readWord(text: string, from: number, seeksEnds: boolean): Word | undefined {
  let start = from;
  while (start < text.length && isSpaceAt(text, start)) start += 1;
  if (start === text.length) return undefined;
  let end = start;
  while (end < text.length && letters[text.charCodeAt(end)] === 1) end += 1;
  if (end === text.length || (end > start && isSpaceAt(text, end))) {
    return { kind: 'word', value: text.slice(start, end), start, end, isOpen: false };
  }
  return readCarefully(text, start, seeksEnds);
}

/** The column of a place, from 1, in characters. */
export const columnAt = (text: string, at: number): number => Array.from(text.slice(0, at)).length + 1;

function readCarefully(text: string, start: number, seeksEnds: boolean): Word {
  otherDashes.lastIndex = start;
  const [dashed = '', short, letter] = otherDashes.exec(text) ?? [];
  let value = dashed === '' ? '' : short === undefined && letter === undefined ? '--' : '-';
  let at = start + dashed.length;
  let opens = true;
  let quoted = false;
  let isOpen = false;
  while (at < text.length && !isSpaceAt(text, at)) {
    const char = text.charAt(at);
    if ((opens || quoted) && isQuote(char)) {
      const inner = readQuoted(text, at);
      if (inner === undefined) return { kind: 'unclosed', quote: char, at };
      value += inner.value;
      at = inner.end;
      quoted = true;
      continue;
    }
    if (opens && seeksEnds && !isOpen && (char === '{' || char === '[' || char === '`')) {
      const inner = char === '`' ? readCode(text, at) : readBrackets(text, at);
      if (inner !== undefined) {
        value += inner.value;
        at = inner.end;
        opens = false;
        continue;
      }
      isOpen = char !== '`' || text.startsWith('```', at);
    }
    const escaped = char === '\\' && (mayEscape(text, at + 1) || isOperator(text, at + 1, start));
    value += escaped ? text.charAt(at + 1) : char;
    at += escaped ? 2 : 1;
    opens = char === '=';
  }
  return { kind: 'word', value, start, end: at, isOpen };
}

/** What stands between the quote at `at` and the one that closes it: a plain quote is closed by a plain one only. */
function readQuoted(text: string, at: number): { readonly value: string; readonly end: number } | undefined {
  const open = text.charAt(at);
  const double = doubles.includes(open);
  const family = double ? doubles : singles;
  const closing = open === family.charAt(0) ? open : family;
  let value = '';
  for (let index = at + 1; index < text.length; index += 1) {
    const char = text.charAt(index);
    if (double && char === '\\' && (text.charAt(index + 1) === '\\' || isOneOf(closing, text.charAt(index + 1)))) {
      index += 1;
      value += text.charAt(index);
    } else if (closing.includes(char) && !isApostrophe(text, open, index)) {
      return { value, end: index + 1 };
    } else {
      value += char;
    }
  }
  return undefined;
}

/** `‘don’t’`: the typographic closing quote is also the apostrophe, and then a letter follows. */
const isApostrophe = (text: string, open: string, at: number): boolean =>
  open !== "'" && singles.includes(open) && /^\p{L}/u.test(text.slice(at + 1, at + 3));

/** `\|` and `\>` alone: within a word they have other meanings to other programs. */
const isOperator = (text: string, at: number, start: number): boolean =>
  at === start + 1 && isOneOf('|>', text.charAt(at)) && (at + 1 === text.length || isSpaceAt(text, at + 1));

function isSpaceAt(text: string, at: number): boolean {
  const letter = letters[text.charCodeAt(at)];
  return letter === undefined ? isSpace(text.charAt(at)) : letter === 2;
}

const isOneOf = (chars: string, char: string): boolean => char !== '' && chars.includes(char);
