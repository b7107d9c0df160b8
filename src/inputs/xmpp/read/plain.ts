import type { Element } from '@xmpp/xml';
import { codeMarks, fixedSpaces, markCode, type Typed } from '../../../document/code.ts';
import { childOf } from './element.ts';

/**
 * What somebody meant by a text: line ends and spaces as people know them, and code marked as commands have it.
 * Marks around words (`*`, `_`, `~`) are left: nobody can tell them from what somebody meant. Takes time in proportion to its length.
 */
export function plainText(stanza: Element, body: string): string {
  const text = body.replace(lineEnds, '\n');
  // They say that no mark is one.
  if (childOf(stanza, 'unstyled', 'urn:xmpp:styling:0') !== undefined) return trimmed(text.replace(fixedSpaces, ' '));
  const parts: Typed[] = [];
  const add = (letters: string): void => {
    if (letters !== '') parts.push({ kind: 'text', text: letters.replace(fixedSpaces, ' ') });
  };
  let end = 0;
  for (const { 0: whole, 1: block, 2: inline = '', index } of text.matchAll(codeMarks)) {
    add(text.slice(end, index));
    parts.push(block === undefined ? { kind: 'code', text: inline } : { kind: 'block', text: fenced(block) });
    end = index + whole.length;
  }
  add(text.slice(end));
  return trimmed(markCode(parts));
}

const lineEnds = /\r\n?|[\u2028\u2029]/g;
/** What programs leave beside a name. */
const blank = /[\s\u200b\u2060\ufeff]/;
/** A fence's first line, which may tell the language of what follows. Another word there may be meant. */
const language = /^(?:json(?=[ \t]*\n\s*[[{]))?[ \t]*\n/i;

/** Line breaks that only set it apart are no part of it. */
const fenced = (text: string): string => text.replace(language, '').replace(/\n$/, '');

/** By hand: a pattern for the end takes quadratic time when there are many spaces before it. */
export function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && blank.test(text.charAt(start))) start += 1;
  while (end > start && blank.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
