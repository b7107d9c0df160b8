import type { Document } from '../../../document/document.ts';
import type { Room } from './cut.ts';
import { createPages } from './pages.ts';
import { piecesOf } from './pieces.ts';
import { shownLine } from './shown.ts';
import type { Content } from './stanza.ts';

export interface WriteOptions {
  /** What one message holds. */
  readonly room: Room;
  /** What the first message begins with, to say whom it is for; empty in conversations of two. */
  readonly before: string;
  readonly hasFences: boolean;
  /** How many messages there are at most; what does not fit into them is left out. */
  readonly most: number;
}

/** A line that ends a fence, wherever it stands. */
const fenceLine = /^[ \t]*```/m;
/** What a reader's program could take for the beginning of a style, and lines for a quotation. */
const style = /(?<![\p{L}\p{N}])[*_~`](?=\S)|^[ \t]*>/mu;
/** The beginning of a message that shows as something the bot does. */
const action = /^\/me(?=\s)/;
/** What somebody else's program could take for a call of its own name must not stand at the front of a message. */
const goesOn = '… ';
/** An address of a person is short; a nick need not be. */
const longestBefore = 200;

/**
 * Messages that show a document, in order. Either nothing in a message is a style, or the fences in it are ours and all that could be
 * one is within them: the text itself is never changed for that.
 */
export function write(
  document: Document,
  { room, before, hasFences, most }: WriteOptions,
): readonly [Content, ...Content[]] {
  const pieces = piecesOf(document);
  const name = Array.from(shownLine(before)).slice(0, longestBefore).join('');
  const isStyled =
    hasFences &&
    pieces.some(({ kind }) => kind === 'exact') &&
    !style.test(name) &&
    !pieces.some(({ text }) => fenceLine.test(text));
  const pages = createPages({ ...room, most, before: name, again: name === '' ? '' : goesOn });
  for (const piece of pieces) {
    const isFenced = isStyled && (piece.kind === 'exact' || style.test(piece.text));
    if (isFenced) pages.apart();
    if (piece.breaks > 1 && !isFenced) pages.blank();
    for (const line of piece.text.split('\n')) {
      if (line === '' && piece.kind === 'plain' && !isFenced) pages.blank();
      else pages.line(line, isFenced);
    }
  }
  const [first, ...others] = pages.end().map((body) => ({ body: inert(body), isStyled }));
  return [first ?? { body: name, isStyled: false }, ...others];
}

/** All of a document as one text, as it is kept in a file. */
export const wholeText = (document: Document): string =>
  piecesOf(document)
    .map(({ text, breaks }) => '\n'.repeat(breaks) + text)
    .join('');

/** A message may begin anywhere in a text. */
const inert = (body: string): string => (action.test(body) ? ` ${body}` : body);
