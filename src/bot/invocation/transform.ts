import type { Document } from '../../document/document.ts';
import { secretMask } from '../../document/secret-mask.ts';
import type { Plan } from '../../commands/plan.ts';
import type { Conceal } from './conceal.ts';
import type { Stage } from './compile.ts';

/** What becomes of what a command says before its person sees it. Undefined: nothing of it is left. */
export type Transform = (document: Document) => Document | undefined;

const nothing: Document = { kind: 'list', items: [] };

const none: readonly never[] = [];

const isNothing = (left: Document | undefined): boolean => left?.kind === 'list' && left.items.length === 0;

/** No secrets, and the filters of a pipe one after the other. Undefined: everything stays as it is. */
export function transforming(filters: readonly Stage[], plan: Plan, conceal: Conceal): Transform | undefined {
  const { secrets, secretFields = none } = plan;
  const mask = secrets.length + secretFields.length === 0 ? undefined : secretMask(conceal, secrets, secretFields);
  return filters.length === 0 && mask === undefined ? undefined : changing(filters, mask);
}

function changing(filters: readonly Stage[], mask: ((document: Document) => Document) | undefined): Transform {
  const change = (document: Document): Document | undefined => {
    const left = filters.reduce<Document | undefined>(
      // What is left of nothing is for the next one to say: `count` says 0.
      (before, { command, planned }) => command.filter?.(before ?? nothing, planned),
      mask === undefined ? document : mask(document),
    );
    return filters.length > 0 && isNothing(left) ? undefined : left;
  };
  let last: { readonly before: Document; readonly after: Document | undefined } | undefined;
  return (document) => {
    // The answer may be the very document that was the last progress, and must stay that.
    if (last?.before !== document) {
      const after = change(document);
      last = { before: document, after };
    }
    return last.after;
  };
}
