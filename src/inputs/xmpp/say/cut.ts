const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** More than any family of emoji takes; longer ones are cut. */
const longestGrapheme = 64;

export interface Room {
  readonly characters: number;
  readonly bytes: number;
}

/** What a text takes of the room of a message: as XML escapes it, in UTF-8. */
export function sizeOf(text: string): Room {
  let bytes = Buffer.byteLength(text);
  for (let at = 0; at < text.length; at += 1) bytes += escapes(text.charCodeAt(at));
  return { characters: text.length, bytes };
}

/**
 * Where a text has to end so that it fits: at its end, or between what a reader takes for characters, and never within one of Unicode. At
 * least one is always in it.
 */
export function cut(text: string, room: Room): number {
  let bytes = 0;
  let at = 0;
  while (at < text.length) {
    const point = text.codePointAt(at) ?? 0;
    const length = point > 0xffff ? 2 : 1;
    bytes += bytesOf(point) + escapes(point);
    if (bytes > room.bytes || at + length > room.characters) return Math.max(edge(text, at), firstOf(text));
    at += length;
  }
  return text.length;
}

/** The last edge between two characters at or before `at`; `at` itself where that is too far away. */
function edge(text: string, at: number): number {
  let start = Math.max(0, at - longestGrapheme);
  if (isLow(text.charCodeAt(start))) start += 1;
  const found = graphemes.segment(text.slice(start, at + longestGrapheme)).containing(at - start)?.index ?? 0;
  return found > 0 ? start + found : at;
}

const firstOf = (text: string): number => ((text.codePointAt(0) ?? 0) > 0xffff ? 2 : 1);

const bytesOf = (point: number): number => (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4);

/** How much longer `&amp;`, `&lt;` and `&gt;` are. */
const escapes = (code: number): number => (code === 38 ? 4 : code === 60 || code === 62 ? 3 : 0);

const isLow = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;
