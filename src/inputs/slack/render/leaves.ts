import type { Document, Group } from '../../../document/document.ts';
import { renderTerminal } from '../../../document/terminal.ts';

/** A document that holds no others. */
export interface Leaf {
  readonly document: Exclude<Document, Group>;
  /** Line ends between this leaf and the one before, as a terminal shows them. */
  readonly breaks: number;
}

/** What a group holds, however deep, in order. It does not recurse: a document may be deeper than the stack. */
export function leavesOf(document: Document): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const open: { readonly document: Document; readonly breaks: number }[] = [{ document, breaks: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { document, breaks } = next;
    if (document.kind !== 'group') leaves.push({ document, breaks });
    else if (document.parts.length === 0) leaves.push({ document: { kind: 'text', text: '' }, breaks });
    else {
      const between = (document.gap ?? 1) + 1;
      // What comes first is taken last from the stack; buttons stand for nothing in a terminal, so nothing separates them.
      const first = document.parts.findIndex(({ kind }) => kind !== 'actions');
      for (let index = document.parts.length - 1; index >= 0; index -= 1) {
        const part = document.parts[index];
        if (part === undefined) continue;
        if (part.kind === 'actions') open.push({ document: part, breaks: 0 });
        else open.push({ document: part, breaks: index === first ? breaks : between });
      }
    }
  }
  return leaves;
}

/** All of them as a terminal shows the whole. */
export const terminalText = (leaves: readonly Leaf[]): string =>
  leaves.map(({ document, breaks }) => '\n'.repeat(breaks) + renderTerminal(document)).join('');
