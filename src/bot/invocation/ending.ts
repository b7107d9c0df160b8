import type { Outcome } from '../../audit/audit.ts';
import { type Document, text } from '../../document/document.ts';
import type { RunEnd } from '../run.ts';
import type { Conceal } from './conceal.ts';
import type { Transform } from './transform.ts';

/** How an invocation ended, and what its person reads. */
export interface Ending {
  readonly outcome: Outcome;
  readonly kind: 'answer' | 'aside' | 'error';
  readonly document: Document;
  /** For the audit. */
  readonly error?: string | undefined;
}

/** What a person reads when a filter has left nothing. */
const nothingLeft = text('(nothing)');

export function ending(end: RunEnd, transform: Transform | undefined, conceal: Conceal): Ending {
  if (end.kind !== 'error') {
    const { kind, document } = end;
    return {
      outcome: 'done',
      kind,
      document: transform === undefined ? document : (transform(document) ?? nothingLeft),
    };
  }
  const words = conceal(end.words);
  return { outcome: end.outcome, kind: 'error', document: text(words), error: words };
}
