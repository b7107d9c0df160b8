import type { Field } from '../../../document/document.ts';
import { weigh } from './fit.ts';
import { buttons, canBePressed } from './buttons.ts';
import type { Leaf } from './leaves.ts';
import { showLink } from './link.ts';
import { type Pages, weights } from './pages.ts';
import { isVisible, shown, shownLine } from './shown.ts';
import { nothing } from './summary.ts';
import { tableBlock, tableText } from './table.ts';

/** More than one blank line shows nothing that one doesn't. */
const mostBreaks = 2;
/** A list with more or longer items is plain lines: as points they would take several times the room. */
const points = { items: 100, length: 500 } as const;

/** Writes them in order. Slack shows a message's table below everything else in it, so only one that stands last is its own block. */
export function writeLeaves(pages: Pages, leaves: readonly Leaf[], tables: 'last' | 'never'): void {
  const contents = leaves.filter(({ document }) => document.kind !== 'actions' && hasContent(document));
  const isOnlyTable = contents.filter(({ document }) => document.kind === 'table').length === 1;
  const last = tables === 'last' && isOnlyTable ? contents.at(-1) : undefined;
  if (!leaves.some(({ document }) => hasContent(document))) pages.write('rich_text_section', nothing);
  let before: Leaf['document']['kind'] | undefined;
  let breaks = 0;
  let count = 0;
  for (const leaf of leaves) {
    if (pages.isFull) return;
    const { document } = leaf;
    breaks += leaf.breaks;
    if (!hasContent(document)) continue;
    if (before === 'text' && document.kind === 'text') pages.breaks(Math.min(breaks, mostBreaks));
    // A box has its own space around it.
    else if (before !== undefined)
      pages.apart(breaks > 1 && !isBox(before) && !isBox(document.kind) ? 'paragraph' : 'line');
    breaks = 0;
    before = document.kind;
    switch (document.kind) {
      case 'text':
        pages.write('rich_text_section', paragraph(document.text, pages.capacity));
        break;
      case 'code':
      case 'json':
        pages.write('rich_text_preformatted', shown(document.text.slice(0, pages.capacity)));
        break;
      case 'list':
        writeList(pages, document.items.slice(0, pages.capacity).map(shownLine));
        break;
      case 'fields':
        writeFields(pages, document.fields);
        break;
      case 'link': {
        const { before, link } = showLink(document);
        pages.write('rich_text_section', before);
        if (link !== undefined) pages.add({ type: 'link', ...link });
        break;
      }
      case 'table': {
        const table = leaf === last ? tableBlock(document) : undefined;
        if (table === undefined) pages.write('rich_text_preformatted', tableText(document, pages.capacity));
        else pages.block(table.block, table.characters, tableText(document, pages.capacity));
        break;
      }
      case 'actions':
        for (const { block, weight, plain } of buttons(document.actions, count)) pages.block(block, weight, plain);
        count += document.actions.length;
        break;
      default:
        document satisfies never;
    }
  }
}

function writeList(pages: Pages, items: readonly string[]): void {
  const isShort = items.length <= points.items && items.every((item) => item.length <= points.length);
  if (!isShort) pages.write('rich_text_section', items.map((item) => `• ${item.trim()}`).join('\n'));
  else for (const item of items) pages.item(item.trim() || ' ');
}

function writeFields(pages: Pages, fields: readonly Field[]): void {
  for (const field of fields) {
    if (pages.isFull) return;
    const name = shownLine(field.name);
    const value = shownLine(field.value);
    // A name and its value stay together.
    pages.keep(weigh(name) + weigh(value) + 2 * weights.element + weights.container + weights.block);
    pages.write('rich_text_section', `${name}: `, true);
    pages.write('rich_text_section', value);
    pages.breaks(1);
  }
  pages.breaks(0);
}

const isBox = (kind: Leaf['document']['kind']): boolean => kind === 'code' || kind === 'json';

/** A text without blank lines around it, and no more of it than `most` characters. */
function paragraph(text: string, most: number): string {
  const rest = text.replace(/^(?:\r?\n)+/, '');
  return rest.length > most ? shown(rest.slice(0, most)) : shown(rest).trimEnd();
}

function hasContent(document: Leaf['document']): boolean {
  switch (document.kind) {
    case 'text':
    case 'code':
    case 'json':
      return isVisible(document.text);
    case 'list':
      return document.items.some(isVisible);
    case 'fields':
      return document.fields.length > 0;
    case 'link':
      return isVisible(document.label) || isVisible(document.url);
    case 'table':
      return document.columns.length > 0;
    case 'actions':
      return document.actions.some(canBePressed);
    default:
      return document satisfies never;
  }
}
