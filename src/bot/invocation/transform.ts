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

/** Those of all commands of a line. */
export const secretsIn = ({ secrets }: Plan, filters: readonly Stage[]): readonly string[] =>
  filters.length === 0 ? secrets : [secrets, ...filters.map(({ plan }) => plan.secrets)].flat();

/** No secrets, and the filters of a pipe one after the other. Undefined: everything stays as it is. */
export function transforming(filters: readonly Stage[], plan: Plan, conceal: Conceal): Transform | undefined {
  const { secretFields = none } = plan;
  const secrets = secretsIn(plan, filters);
  const mask = secrets.length + secretFields.length === 0 ? undefined : secretMask(conceal, secrets, secretFields);
  return filters.length === 0 && mask === undefined ? undefined : changing(filters, mask);
}

function changing(filters: readonly Stage[], mask: ((document: Document) => Document) | undefined): Transform {
  // A filter may say what it was given.
  const again = filters.some(({ plan }) => plan.secrets.length > 0) ? mask : undefined;
  const change = (document: Document): Document | undefined => {
    const left = filters.reduce<Document | undefined>(
      // What is left of nothing is for the next one to say: `count` says 0.
      (before, { command, planned }) => command.filter?.(before ?? nothing, planned),
      mask === undefined ? document : mask(document),
    );
    if (filters.length > 0 && isNothing(left)) return undefined;
    return left === undefined || again === undefined ? left : again(left);
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
