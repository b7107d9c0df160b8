import type { Document } from '../../../document/document.ts';
import type { Block } from '../rendered.ts';
import { leavesOf } from './leaves.ts';
import { createPages } from './pages.ts';
import { writeLeaves } from './write.ts';

/** The tab of the app, as `views.publish` takes it. */
export interface HomeView {
  readonly type: 'home';
  readonly blocks: readonly Block[];
}

/** Slack takes 100 blocks and 250 kB; a person reads less. */
const limits = { pages: 1, blocks: 98, weight: 40_000 } as const;

/** A document as the app's tab. As inert as in a message; Slack has no tables there, so they are plain columns. */
export function renderHome(document: Document): HomeView {
  const pages = createPages(limits);
  writeLeaves(pages, leavesOf(document), 'never');
  const [{ blocks }] = pages.end();
  const more: Block = {
    type: 'context',
    elements: [{ type: 'plain_text', text: 'There is more than fits here.', emoji: false }],
  };
  return { type: 'home', blocks: pages.isFull ? [...blocks, more] : blocks };
}
