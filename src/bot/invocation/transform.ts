import type { Document } from '../../document/document.ts';
import { secretMask } from '../../document/secret-mask.ts';
import type { Plan } from '../../commands/plan.ts';
import type { Conceal } from './conceal.ts';
import type { Stage } from './compile.ts';

/** What becomes of what a command says before its person sees it. Undefined: nothing of it is left. */
export type Transform = (document: Document) => Document | undefined;

/** No secrets, and the filters of a pipe one after the other. Undefined: everything stays as it is. */
export function transforming(
  filters: readonly Stage[],
  { secrets, secretFields = [] }: Plan,
  conceal: Conceal,
): Transform | undefined {
  const steps: Transform[] = filters.map(
    ({ command, planned }) =>
      (document) =>
        command.filter?.(document, planned),
  );
  if (secrets.length > 0 || secretFields.length > 0) steps.unshift(secretMask(conceal, secrets, secretFields));
  if (steps.length === 0) return undefined;
  let last: { readonly before: Document; readonly after: Document | undefined } | undefined;
  return (document) => {
    // The answer may be the very document that was the last progress, and must stay that.
    if (last?.before !== document) {
      const after = steps.reduce<Document | undefined>(
        (each, step) => (each === undefined ? undefined : step(each)),
        document,
      );
      last = { before: document, after };
    }
    return last.after;
  };
}
