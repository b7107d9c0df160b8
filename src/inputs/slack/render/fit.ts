const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** More than any family of emoji takes; longer ones are cut. */
const longestGrapheme = 64;

/** How many characters of JSON a text takes. */
export function weigh(text: string): number {
  let weight = text.length;
  for (let at = 0; at < text.length; at += 1) if (isEscaped(text.charCodeAt(at))) weight += 1;
  return weight;
}

/**
 * Where to end the piece of `text` that begins at `from` and has room: at its end, at a line's end, or undefined where not even one line
 * fits. `mayCut` a line that is longer than everything: between what a reader takes for characters, and never within one of Unicode.
 */
export function fit(text: string, from: number, room: number, mayCut: boolean): number | undefined {
  let weight = 0;
  let lineEnd: number | undefined;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10) lineEnd = at;
    weight += isEscaped(code) ? 2 : 1;
    if (weight > room) return lineEnd ?? (mayCut ? cut(text, from, at) : undefined);
  }
  return text.length;
}

/** At most `most` UTF-16 units from the beginning, whole characters only. */
export const beginning = (text: string, most: number): string =>
  text.length <= most ? text : text.slice(0, cut(text, 0, most));

/** The last good place at or before `at`, and after `from`. */
function cut(text: string, from: number, at: number): number {
  const start = flagsFrom(text, from, wholeAt(text, Math.max(from, at - longestGrapheme)));
  const segment = graphemes.segment(text.slice(start, at + longestGrapheme)).containing(at - start);
  const edge = start + (segment?.index ?? 0);
  if (edge > from && edge <= at && (edge > start || start === from)) return edge;
  const code = wholeAt(text, at);
  return code > from ? code : at + 1;
}

/** `at`, or one less where it is in the middle of a pair. */
const wholeAt = (text: string, at: number): number =>
  at > 0 && isLow(text.charCodeAt(at)) && isHigh(text.charCodeAt(at - 1)) ? at - 1 : at;

/** Flags are pairs, so what is one depends on where the row of them begins. */
function flagsFrom(text: string, from: number, at: number): number {
  let start = at;
  while (start - 2 >= from && isFlag(text, start) && isFlag(text, start - 2)) start -= 2;
  return start;
}

const isFlag = (text: string, at: number): boolean =>
  text.charCodeAt(at) === 0xd83c && text.charCodeAt(at + 1) >= 0xdde6 && text.charCodeAt(at + 1) <= 0xddff;

const isHigh = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
const isLow = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;
// The rest of the control codes never gets here.
const isEscaped = (code: number): boolean => code === 10 || code === 9 || code === 34 || code === 92;
