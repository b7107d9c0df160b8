import type { Document } from '../../../document/document.ts';
import type { Block, Rendered, RenderedDocument, RenderedFile } from '../rendered.ts';
import { stopButton } from './buttons.ts';
import { type Leaf, leavesOf, terminalText } from './leaves.ts';
import { createPages, type Page } from './pages.ts';
import { whole } from './shown.ts';
import { summary } from './summary.ts';
import { writeLeaves } from './write.ts';

export interface RenderOptions {
  /** Id of the user whom the answer is for: it begins with the mention. */
  readonly mention?: string;
  /** A button that ends what runs, below a progress. */
  readonly stop?: { readonly actionId: string; readonly value: string };
  /** Default 3; what doesn't fit is in the file. Default 1 with a `stop`. */
  readonly maxMessages?: number;
}

/** Slack takes 50 blocks and, by experience, some 13,200 characters; what comes after the last page needs some of both. */
const limits = { blocks: 46, weight: 9_500 } as const;
const userId = /^[UW][A-Z0-9]+$/;

/** A document as messages in Slack. Whatever a service put into it is shown, and nothing of it acts: no mention, link, fence or emoji. */
export function renderSlack(document: Document, options: RenderOptions = {}): RenderedDocument {
  const { stop, maxMessages = stop === undefined ? 3 : 1 } = options;
  const mention = options.mention !== undefined && userId.test(options.mention) ? options.mention : undefined;
  const leaves = leavesOf(document);
  const pages = createPages({ ...limits, pages: Math.max(maxMessages, 1) });
  if (mention !== undefined) {
    pages.add({ type: 'user', user_id: mention });
    pages.write('rich_text_section', ' ');
    if (leaves.find(({ document }) => document.kind !== 'actions')?.document.kind !== 'text') pages.apart('line');
  }
  writeLeaves(pages, leaves, 'last');
  const isFull = pages.isFull;
  const [first, ...others] = pages.end();
  const last = others.length;
  const rendered = (page: Page, index: number): Rendered => ({
    text: `${index === 0 && mention !== undefined ? `<@${mention}> ` : ''}${summary(page.plain)}`,
    blocks: [
      ...page.blocks,
      ...(isFull && index === last ? [remark(stop === undefined ? moreInFile : moreToCome)] : []),
      ...(stop !== undefined && index === last ? [stopButton(stop.actionId, stop.value)] : []),
    ],
  });
  return {
    messages: [rendered(first, 0), ...others.map((page, index) => rendered(page, index + 1))],
    file: isFull ? fileOf(leaves) : undefined,
  };
}

const moreInFile = 'This is only the beginning: all of it is in the file.';
const moreToCome = 'This is only the beginning.';

const remark = (text: string): Block => ({
  type: 'context',
  elements: [{ type: 'plain_text', text, emoji: false }],
});

function fileOf(leaves: readonly Leaf[]): RenderedFile {
  const contents = leaves.filter(({ document }) => document.kind !== 'actions');
  const isJson = contents.length === 1 && contents[0]?.document.kind === 'json';
  return {
    name: isJson ? 'answer.json' : 'answer.txt',
    title: 'The whole answer',
    content: whole(terminalText(leaves)),
  };
}
