import type { Document } from '../../../document/document.ts';
import { type RenderOptions, renderSlack } from '../render/render.ts';
import type { RenderedDocument } from '../rendered.ts';

/** A notification has room for little: it tells what came last, not what the message begins with. */
export function inShort(
  rendered: RenderedDocument,
  last: Document | undefined,
  options: RenderOptions,
): RenderedDocument {
  if (last === undefined) return rendered;
  const { text } = renderSlack(last, { ...options, maxMessages: 1 }).messages[0];
  const [first, ...others] = rendered.messages;
  return { ...rendered, messages: [{ ...first, text }, ...others] };
}
