import { XmlError } from './error.ts';
import { decodeText } from './text.ts';

/** A tag as it was written, prefixes and all. */
export interface Tag {
  readonly kind: 'open' | 'close' | 'empty';
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** The most attributes of one element, declarations of namespaces included. */
const maxAttributes = 64;

const part =
  '[A-Z_a-z\\u{c0}-\\u{2ff}\\u{370}-\\u{1fff}\\u{2c00}-\\u{d7ff}\\u{f900}-\\u{effff}][\\w.\\-\\u{b7}\\u{c0}-\\u{effff}]*';
const nameOf = new RegExp(`${part}(?::${part})?`, 'uy');
const space = /[ \t\r\n]*/y;
const equals = /[ \t\r\n]*=[ \t\r\n]*/y;
const value = /"([^"<]*)"|'([^'<]*)'/y;

/** Reads `<name a='b'>`, `</name>` or `<name/>`: all of it. Throws an `XmlError`. */
export function readTag(text: string): Tag {
  const isClose = text.startsWith('</');
  const isEmpty = !isClose && text.endsWith('/>');
  const end = text.length - (isEmpty ? 2 : 1);
  let at = isClose ? 2 : 1;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null || pattern.lastIndex > end) return undefined;
    at = pattern.lastIndex;
    return found;
  };
  const name = take(nameOf)?.[0];
  if (name === undefined) throw malformed();
  const attributes = new Map<string, string>();
  for (;;) {
    const gap = take(space)?.[0] ?? '';
    if (at === end) break;
    if (gap === '' || isClose) throw malformed();
    const key = take(nameOf)?.[0];
    if (key === undefined || take(equals) === undefined) throw malformed();
    const found = take(value);
    if (found === undefined || attributes.has(key)) throw malformed();
    if (attributes.size === maxAttributes)
      throw new XmlError('policy-violation', 'an element with too many attributes');
    // White space of any kind is a space in a value.
    attributes.set(key, decodeText((found[1] ?? found[2] ?? '').replace(/\r\n|[\t\r\n]/g, ' ')));
  }
  return { kind: isClose ? 'close' : isEmpty ? 'empty' : 'open', name, attributes };
}

const malformed = (): XmlError => new XmlError('not-well-formed', 'a tag that is none');
