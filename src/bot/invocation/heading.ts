import { type Document, text } from '../../document/document.ts';
import type { Message, ReplyKind } from '../../inputs/input.ts';
import type { Deliver } from '../deliver.ts';

/** Stands over what is said where its person would not know what that answers, or should know something more. */
export interface Heading {
  readonly text: string;
  /** They know it already. */
  readonly isKnown: boolean;
  /** They have it before their eyes. */
  told(): void;
}

/** Says something, and calls `ended` once: whether the network took it. */
export type Say = (document: Document, kind: ReplyKind, ended: (isTaken: boolean) => void) => void;

/** What somebody said, or is taken to have said. */
interface Answered {
  readonly message: Message;
  readonly heading?: Heading | undefined;
}

/** How its person is told things: the heading stands over the first of them, and over what ends it. */
export function saying({ message, heading }: Answered, deliver: Deliver): Say {
  if (heading === undefined || heading.isKnown) {
    return (document, kind, ended) => deliver(message, document, kind, ended);
  }
  let isTold = false;
  let last: { readonly before: Document; readonly after: Document } | undefined;
  return (document, kind, ended) => {
    const isUnder = !isTold || kind !== 'progress';
    // The answer may be the very document that was the last progress, and stays that if the heading stood over it.
    if (last?.before !== document || (isUnder && last.after === document)) {
      last = { before: document, after: isUnder ? under(heading, document) : document };
    }
    isTold = true;
    deliver(message, last.after, kind, (isTaken) => {
      if (isTaken) heading.told();
      ended(isTaken);
    });
  };
}

const under = (heading: Heading, document: Document): Document => ({
  kind: 'group',
  gap: 0,
  parts: [text(heading.text), document],
});
