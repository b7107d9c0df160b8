import { fieldsOf, textOf } from '../fields.ts';
import { readEncoded } from './encoded.ts';
import { type Piece, plain } from './piece.ts';
import { type Labels, readRich } from './rich.ts';
import { tokenPiece } from './token.ts';

/** What was said, and to whom. */
export interface Said {
  readonly text: string;
  /** One of ours was called by its id. A call at the front is no longer in `text`. */
  readonly addressed: boolean;
}

/** Group and channel in Slack's text format, with their names. */
const named = /<((?:#|!subteam\^)([^|<>\n]+)\|[^<>\n]+)>/g;
/** A message that begins with words in one style, which was chosen for them: no command begins with such a mark. */
const styled = /^([*_~])(?=\S)([^*_~\n]+)(?<=\S)\1(?=\s|$)/;
/** What editors leave beside a mention. */
const blank = /[\s\u200b\u2060\ufeff]/;

/** Reads a message of Slack's, whose author may have called one of `users`. */
export function readSaid(message: unknown, users: ReadonlySet<string>): Said {
  const fields = fieldsOf(message);
  const encoded = textOf(fields['text']) ?? '';
  const rich = readRich(fields['blocks'], labelsOf(encoded));
  const pieces = rich ?? readEncoded(encoded);
  const isOurs = (piece: Piece | undefined): boolean => piece?.kind === 'user' && users.has(piece.id);
  const front = pieces.findIndex((piece) => piece.kind !== 'text' || trimmed(piece.text) !== '');
  const called = isOurs(pieces[front]);
  const whole = trimmed(plain(called ? pieces.slice(front + 1) : pieces));
  const text = called ? trimmed(whole.replace(/^[:,](?=\s|$)/, '')) : whole;
  return { text: rich === undefined ? unstyled(text) : text, addressed: pieces.some(isOurs) };
}

/** Looks only when somebody asks. */
function labelsOf(encoded: string): Labels {
  let labels: ReadonlyMap<string, string> | undefined;
  return (id) => {
    labels ??= new Map(
      [...encoded.matchAll(named)].map(({ 1: inside = '', 2: key = '' }) => [key, plain([tokenPiece(inside)])]),
    );
    return labels.get(id);
  };
}

/** By hand: a pattern for the end takes quadratic time when there are many spaces before it. */
function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && blank.test(text.charAt(start))) start += 1;
  while (end > start && blank.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

const unstyled = (text: string): string => text.replace(styled, '$2');
