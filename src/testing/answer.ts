import { type Action, type Document, text } from '../document/document.ts';
import { renderTerminal } from '../document/terminal.ts';
import type { MessageOutcome, ReplyKind } from '../inputs/input.ts';
import type { MemoryInput, SayOptions } from '../inputs/memory/memory.ts';

/** What came of a line. */
export interface Answer {
  readonly document: Document;
  /** As a terminal shows it. */
  readonly text: string;
  /** An `aside` is for who asked alone. */
  readonly kind: Exclude<ReplyKind, 'progress'>;
  /** What can be said next: a network with buttons shows one for each. */
  readonly actions: readonly Action[];
  /** What was shown before the end, in order. */
  readonly progress: readonly Document[];
  /** `waits`: for somebody's word. `silent`: nothing was said to it, as to a `stop` that ended something. */
  readonly outcome: MessageOutcome | 'silent';
}

/** Says a line and waits for all that comes. */
export async function answerOf(input: MemoryInput, line: string, options: SayOptions): Promise<Answer> {
  let outcome: Answer['outcome'] = 'silent';
  const replies = await input.say(line, {
    ...options,
    onOutcome: (known) => {
      outcome = known;
    },
  });
  const progress: Document[] = [];
  let document: Document = text('');
  let kind: Answer['kind'] = 'aside';
  for (const reply of replies) {
    if (reply.kind === 'progress') progress.push(reply.document);
    else ({ document, kind } = { document: reply.document, kind: reply.kind });
  }
  return { document, text: renderTerminal(document), kind, actions: actionsIn(document), progress, outcome };
}

function actionsIn(document: Document): readonly Action[] {
  if (document.kind === 'actions') return document.actions;
  return document.kind === 'group' ? document.parts.flatMap(actionsIn) : [];
}
