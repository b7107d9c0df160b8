import type { Document, Group } from '../../../document/document.ts';
import { isVisible, shown, shownLine } from './shown.ts';
import { tableText } from './table.ts';

/** Part of an answer. Nothing in its text acts, and all of it can be sent. */
export interface Piece {
  /** The spacing of an exact one matters. */
  readonly kind: 'plain' | 'exact';
  readonly text: string;
  /** Line ends between it and the one before; none before the first. */
  readonly breaks: number;
}

const nothing = '(no output)';
/** More blank lines show nothing that one doesn't. */
const mostBreaks = 2;

/** What a document shows, in order. It does not recurse: a document may be deeper than the stack. */
export function piecesOf(document: Document): readonly [Piece, ...Piece[]] {
  const pieces: Piece[] = [];
  const open: { readonly document: Document; readonly breaks: number }[] = [{ document, breaks: 1 }];
  let breaks = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    breaks = Math.min(Math.max(breaks, next.breaks), mostBreaks);
    if (next.document.kind === 'group') {
      const { parts, gap = 1 } = next.document;
      // What comes first is taken last.
      for (let index = parts.length - 1; index >= 0; index -= 1) {
        const part = parts[index];
        if (part !== undefined) open.push({ document: part, breaks: index === 0 ? next.breaks : gap + 1 });
      }
      continue;
    }
    const text = textOf(next.document);
    if (!isVisible(text)) continue;
    pieces.push({ kind: isExact(next.document) ? 'exact' : 'plain', text, breaks: pieces.length === 0 ? 0 : breaks });
    breaks = 0;
  }
  const [first, ...others] = pieces;
  return first === undefined ? [{ kind: 'plain', text: nothing, breaks: 0 }] : [first, ...others];
}

type Leaf = Exclude<Document, Group>;

/** One line is as exact without a fence around it. */
const isExact = (leaf: Leaf): boolean =>
  leaf.kind === 'table' || ((leaf.kind === 'code' || leaf.kind === 'json') && leaf.text.trim().includes('\n'));

function textOf(leaf: Leaf): string {
  switch (leaf.kind) {
    case 'text':
    case 'code':
    case 'json':
      return withoutBlankLines(shown(leaf.text));
    case 'table':
      return tableText(leaf);
    case 'fields':
      return leaf.fields.map(({ name, value }) => `${shownLine(name)}: ${shownLine(value)}`).join('\n');
    case 'list':
      return leaf.items.map(shownLine).join('\n');
    case 'link': {
      const [label, url] = [shownLine(leaf.label), shownLine(leaf.url)];
      return !isVisible(label) || label === url ? url : `${label} (${url})`;
    }
    case 'actions':
      return '';
    default:
      return leaf satisfies never;
  }
}

/** Around it they would only take room. */
const withoutBlankLines = (text: string): string => text.replace(/^(?:[ \t]*\n)+/, '').trimEnd();
