import { type Fields, fieldsOf, isArray, listOf, textOf } from '../fields.ts';
import { fenced } from './code.ts';
import { typedLink } from './link.ts';
import { type Piece, typed, verbatim } from './piece.ts';

/** How somebody who typed the text would have written what Slack gives the id of alone. */
export type Labels = (id: string) => string | undefined;

/**
 * Reads what Slack's editor made of a message: unlike the text format it tells marks that were meant from letters. Undefined when the
 * blocks hold anything else: an app wrote them, or Slack knows more than this.
 */
export function readRich(blocks: unknown, labels: Labels = () => undefined): readonly Piece[] | undefined {
  const parts = listOf(blocks).flatMap((block) => {
    const { type, elements } = fieldsOf(block);
    return type === 'rich_text' && isArray(elements)
      ? elements.map((element) => readPart(element, labels))
      : [undefined];
  });
  if (parts.length === 0) return undefined;
  const lines: (readonly Piece[])[] = [];
  let before: Piece | undefined;
  for (const part of parts) {
    if (part === undefined) return undefined;
    if (before !== undefined && part.length > 0 && !endsLine(before)) lines.push([typed('\n')]);
    lines.push(part);
    before = part.at(-1) ?? before;
  }
  return lines.flat();
}

const endsLine = (piece: Piece): boolean => piece.kind === 'text' && piece.text.endsWith('\n');

type Pieces = readonly Piece[] | undefined;

function readPart(part: unknown, labels: Labels): Pieces {
  const fields = fieldsOf(part);
  const { type, elements } = fields;
  if (!isArray(elements)) return undefined;
  switch (type) {
    case 'rich_text_section':
      return readElements(elements, labels);
    case 'rich_text_preformatted': {
      const inside = readElements(elements, labels);
      return inside && [fenced(verbatim(inside))];
    }
    case 'rich_text_quote': {
      // Whom a quotation calls was not called by the person who quotes.
      const inside = readElements(elements, labels);
      return inside && [typed(`> ${verbatim(inside).replaceAll('\n', '\n> ')}`)];
    }
    case 'rich_text_list':
      return readList(elements, fields, labels);
    default:
      return undefined;
  }
}

/** The editor makes a list of lines that begin with a dash or a number; `offset` counts the items that other lists interrupt. */
function readList(items: readonly unknown[], { style, indent, offset }: Fields, labels: Labels): Pieces {
  const lines: (readonly Piece[])[] = [];
  const before = '    '.repeat(Math.min(countOf(indent), deepest));
  for (const [index, item] of items.entries()) {
    const { type, elements } = fieldsOf(item);
    const inside = type === 'rich_text_section' && isArray(elements) ? readElements(elements, labels) : undefined;
    if (inside === undefined) return undefined;
    const mark = style === 'ordered' ? `${countOf(offset) + index + 1}.` : '-';
    lines.push([typed(`${index === 0 ? '' : '\n'}${before}${mark} `)], inside);
  }
  return lines.flat();
}

/** Slack's editor goes no further. */
const deepest = 8;

const countOf = (value: unknown): number => (Number.isSafeInteger(value) && Number(value) > 0 ? Number(value) : 0);

function readElements(elements: readonly unknown[], labels: Labels): Pieces {
  const pieces: Piece[] = [];
  for (const element of elements) {
    const fields = fieldsOf(element);
    const piece = readElement(fields, labels);
    if (piece === undefined) return undefined;
    const isCode = fieldsOf(fields['style'])['code'] === true;
    const before = pieces.at(-1);
    if (!isCode) pieces.push(piece);
    // A link within code is an element of its own, and the code is one all the same.
    else if (before?.kind === 'code') pieces.splice(-1, 1, { kind: 'code', text: verbatim([before, piece]) });
    else pieces.push({ kind: 'code', text: verbatim([piece]) });
  }
  return pieces;
}

function readElement(element: Fields, labels: Labels): Piece | undefined {
  const text = (name: string): string => textOf(element[name]) ?? '';
  const called = (sign: string, id: string): Piece => typed(labels(id) ?? sign + id);
  switch (element['type']) {
    case 'text':
      return typed(text('text'));
    case 'link':
      return typed(typedLink(text('url'), textOf(element['text'])));
    case 'user':
      return { kind: 'user', id: text('user_id') };
    case 'channel':
      return called('#', text('channel_id'));
    case 'usergroup':
      return called('@', text('usergroup_id'));
    case 'team':
      return called('@', text('team_id'));
    case 'broadcast':
      return typed(`@${text('range')}`);
    case 'emoji':
      return typed(emoji(element));
    case 'color':
      return typed(text('value'));
    case 'date':
      return typed(textOf(element['fallback']) ?? String(countOf(element['timestamp'])));
    default:
      return undefined;
  }
}

/** `1f44b-1f3fc` is two code points. A team's own have none, and are written as in Slack's text format. */
function emoji({ name, unicode, skin_tone }: Fields): string {
  const points =
    typeof unicode === 'string' && hex.test(unicode)
      ? unicode.split('-').map((each) => Number.parseInt(each, 16))
      : [0];
  if (points.every((point) => point > 0 && point <= 0x10_ff_ff)) return String.fromCodePoint(...points);
  const tone = countOf(skin_tone);
  return `:${textOf(name) ?? ''}:${tone === 0 ? '' : `:skin-tone-${tone}:`}`;
}

/** The longest, a family, has seven. */
const hex = /^[0-9a-f]{1,6}(?:-[0-9a-f]{1,6}){0,15}$/i;
