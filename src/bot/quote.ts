import { readWord } from './words.ts';

/** Letters that mean nothing but themselves wherever they stand. */
const plain = /^[\p{L}\p{M}\p{N}_@%+:,./#~^*!?&;$()<>|=\]}-]+$/u;

const plan = /^(?:[-‐‑‒–—―−]{2}|[–—―])plan$/i;

/** Whether this word, as it was typed, asks for an explanation. */
export const isPlan = (typed: string): boolean => plan.test(typed);

/** What would be read as something else, though its letters are plain. */
const isSpecial = (word: string): boolean => word === '|' || word === '>' || isPlan(word);

/** `name=` and `--name=`: a value behind it can be quoted by itself. */
const named = /^(-{0,2}\w[\w.-]*=)([\s\S]+)$/;

/** A word as somebody would type it: whatever it holds, it is read as this one word. Names stay as they are. */
export function quoteWord(word: string): string {
  if (plain.test(word) && !isSpecial(word)) return word;
  const [whole, name = '', value = ''] = named.exec(word) ?? [];
  return whole === undefined ? quoted(word) : `${name}${quoted(value)}`;
}

/** The line with its words changed: each that `change` leaves alone stays as it was typed. */
export function changeWords(line: string, change: (word: string) => string): string {
  let changed = '';
  let done = 0;
  let seeksEnds = true;
  for (;;) {
    const word = readWord(line, done, seeksEnds);
    // What stands behind a quote that is never closed was read as text, if at all.
    if (word?.kind !== 'word') return changed + change(line.slice(done));
    if (word.isOpen) seeksEnds = false;
    const value = change(word.value);
    changed +=
      line.slice(done, word.start) + (value === word.value ? line.slice(word.start, word.end) : quoteWord(value));
    done = word.end;
  }
}

const quoted = (word: string): string =>
  /["\\]/.test(word) && !word.includes("'") ? `'${word}'` : `"${word.replaceAll(/["\\]/g, '\\$&')}"`;
