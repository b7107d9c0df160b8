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
  const pieces: Piece[] = [];
  for (const part of parts) {
    if (part === undefined) return undefined;
    const before = pieces.at(-1);
    if (before !== undefined && part.length > 0 && !endsLine(before)) pieces.push(typed('\n'));
    pieces.push(...part);
  }
  return pieces;
}

const endsLine = (piece: Piece): boolean => piece.kind === 'text' && piece.text.endsWith('\n');

type Pieces = readonly Piece[] | undefined;

function readPart(part: unknown, labels: Labels): Pieces {
  const { type, elements, style } = fieldsOf(part);
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
      return readList(elements, style === 'ordered', labels);
    default:
      return undefined;
  }
}

/** The editor makes a list of lines that begin with a dash or a number. */
function readList(items: readonly unknown[], ordered: boolean, labels: Labels): Pieces {
  const pieces: Piece[] = [];
  for (const [index, item] of items.entries()) {
    const inside = readPart(item, labels);
    if (inside === undefined) return undefined;
    pieces.push(typed(`${index === 0 ? '' : '\n'}${ordered ? `${index + 1}.` : '-'} `), ...inside);
  }
  return pieces;
}

function readElements(elements: readonly unknown[], labels: Labels): Pieces {
  const pieces: Piece[] = [];
  for (const element of elements) {
    const fields = fieldsOf(element);
    const piece = readElement(fields, labels);
    if (piece === undefined) return undefined;
    const isCode = fieldsOf(fields['style'])['code'] === true;
    pieces.push(isCode ? { kind: 'code', text: verbatim([piece]) } : piece);
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
      return typed(emoji(text('unicode')) ?? `:${text('name')}:`);
    case 'color':
      return typed(text('value'));
    case 'date':
      return typed(textOf(element['fallback']) ?? String(element['timestamp']));
    default:
      return undefined;
  }
}

/** `1f44b-1f3fc` is two code points. */
function emoji(unicode: string): string | undefined {
  const points = unicode.split('-').map((each) => Number.parseInt(each, 16));
  return points.every((point) => point > 0 && point <= 0x10_ff_ff) ? String.fromCodePoint(...points) : undefined;
}
