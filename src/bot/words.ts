/** One word of a line: what it means without its quotes, and where it ends; or a quote that is never closed, and where it stands. */
export type Word =
  | { readonly kind: 'word'; readonly value: string; readonly end: number }
  | { readonly kind: 'unclosed'; readonly quote: string; readonly at: number };

/** What telephones and word processors type instead of `"` and `'`. */
const doubles = '"“”„‟';
const singles = "'‘’‚‛";

/** Spaces, also those that don't break: chat programs put them in by themselves. */
const spaces = ' \t\n\r\u00a0\u2007\u202f\u3000';

/** Two dashes became one long one: `—flag`, `–flag`. */
const longDash = /^[–—](?=\p{L})/u;

/** Letters by character code: 1 is plain, 2 a space, 0 needs care, as everything beyond the table does. */
const letters = new Uint8Array(128).fill(1);
for (const char of `"'\\`) letters[char.charCodeAt(0)] = 0;
for (const char of ' \t\n\r') letters[char.charCodeAt(0)] = 2;

/**
 * The next word of `text` from `from` on, or undefined when only space is left. A quote opens at the start of a word, after `=`, and
 * within a word that has been quoted before; anywhere else it is a letter (`don't`). Single quotes take everything as it is. A
 * backslash makes a quote, a space or a backslash plain; before anything else it is a letter (`C:\dir`).
 */
export function readWord(text: string, from: number): Word | undefined {
  let start = from;
  while (start < text.length && isSpace(text, start)) start += 1;
  if (start === text.length) return undefined;
  let end = start;
  while (end < text.length && letters[text.charCodeAt(end)] === 1) end += 1;
  if (end === text.length || (end > start && isSpace(text, end))) {
    return { kind: 'word', value: text.slice(start, end), end };
  }
  return readCarefully(text, start);
}

function readCarefully(text: string, start: number): Word {
  const dashed = longDash.test(text.slice(start, start + 3));
  let value = dashed ? '--' : '';
  let at = dashed ? start + 1 : start;
  let opens = true;
  let quoted = false;
  while (at < text.length && !isSpace(text, at)) {
    const char = text.charAt(at);
    if ((opens || quoted) && isQuote(char)) {
      const inner = readQuoted(text, at);
      if (inner === undefined) return { kind: 'unclosed', quote: char, at };
      value += inner.value;
      at = inner.end;
      quoted = true;
      continue;
    }
    const escaped = char === '\\' && isEscapable(text, at + 1);
    value += escaped ? text.charAt(at + 1) : char;
    at += escaped ? 2 : 1;
    opens = char === '=';
  }
  return { kind: 'word', value, end: at };
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

function isSpace(text: string, at: number): boolean {
  const letter = letters[text.charCodeAt(at)];
  return letter === undefined ? spaces.includes(text.charAt(at)) : letter === 2;
}

const isQuote = (char: string): boolean => doubles.includes(char) || singles.includes(char);
const isOneOf = (chars: string, char: string): boolean => char !== '' && chars.includes(char);
const isEscapable = (text: string, at: number): boolean => {
  const char = text.charAt(at);
  return char !== '' && (char === '\\' || isQuote(char) || spaces.includes(char));
};
