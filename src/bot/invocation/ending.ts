import type { Outcome } from '../../audit/audit.ts';
import { type Document, text } from '../../document/document.ts';
import type { Waiting } from '../../async/turns.ts';
import type { RunEnd } from '../run.ts';
import type { Conceal } from './conceal.ts';
import { fittingWords } from './fitting.ts';
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

export function ending(end: RunEnd, transform: Transform, conceal: Conceal, owner: Waiting): Ending | Promise<Ending> {
  if (end.kind !== 'error') {
    const { kind, document } = end;
    const left = transform(document, owner);
    return left instanceof Promise ? left.then((late) => answered(kind, late)) : answered(kind, left);
  }
  const words = conceal(fittingWords(end.words));
  return { outcome: end.outcome, kind: 'error', document: text(words), error: words };
}

const answered = (kind: 'answer' | 'aside', left: Document | undefined): Ending => ({
  outcome: 'done',
  kind,
  document: left ?? nothingLeft,
});
