import { inTurns, type Waiting } from '../../async/turns.ts';
import type { Document } from '../../document/document.ts';
import { secretMask } from '../../document/secret-mask.ts';
import type { Steps } from '../../document/steps.ts';
import type { Command } from '../../commands/command.ts';
import type { Plan } from '../../commands/plan.ts';
import type { Conceal } from './conceal.ts';
import type { Stage } from './compile.ts';
import { fits, tooLarge, unsearchable } from './fitting.ts';

/**
 * What becomes of what a command says before its person sees it. Undefined: nothing of it is left, or nobody waits for it any more. What takes long
 * is done by and by.
 */
export type Transform = (document: Document, owner: Waiting) => Document | undefined | Promise<Document | undefined>;

const nothing: Document = { kind: 'list', items: [] };

const none: readonly never[] = [];

const isNothing = (left: Document | undefined): boolean => left?.kind === 'list' && left.items.length === 0;

/** Those of all commands of a line. */
export const secretsIn = ({ secrets }: Plan, filters: readonly Stage[]): readonly string[] =>
  filters.length === 0 ? secrets : [secrets, ...filters.map(({ plan }) => plan.secrets)].flat();

/** No secrets, the filters of a pipe one after the other, and no more than people can use. */
export function transforming(filters: readonly Stage[], plan: Plan, conceal: Conceal): Transform {
  const { secretFields = none } = plan;
  const secrets = secretsIn(plan, filters);
  const mask = secrets.length + secretFields.length === 0 ? undefined : secretMask(conceal, secrets, secretFields);
  return filters.length === 0 && mask === undefined ? limit : changing(filters, mask);
}

const limit: Transform = (document) => (fits(document) ? document : tooLarge(document));

type Masking = (document: Document) => Steps<Document>;

function changing(filters: readonly Stage[], mask: Masking | undefined): Transform {
  // A filter may say what it was given.
  const again = filters.some(({ plan }) => plan.secrets.length > 0) ? mask : undefined;
  let last: { readonly before: Document; readonly after: ReturnType<Transform> } | undefined;
  return (document, owner) => {
    // The answer may be the very document that was the last progress, and must stay that.
    if (last?.before !== document)
      last = { before: document, after: inTurns(change(document, filters, mask, again), owner) };
    return last.after;
  };
}

function* change(
  document: Document,
  filters: readonly Stage[],
  mask: Masking | undefined,
  again: Masking | undefined,
): Steps<Document | undefined> {
  if (mask !== undefined && !fits(document)) return unsearchable(document);
  let left: Document | undefined = mask === undefined ? document : yield* mask(document);
  for (const { command, planned } of filters) {
    // What is left of nothing is for the next one to say: `count` says 0.
    const after: ReturnType<NonNullable<Command['filter']>> = command.filter?.(left ?? nothing, planned);
    left = isSteps(after) ? yield* after : after;
  }
  if (left === undefined || (filters.length > 0 && isNothing(left))) return undefined;
  if (!fits(left)) return tooLarge(left);
  return again === undefined ? left : yield* again(left);
}

const isSteps = (after: Document | undefined | Steps<Document | undefined>): after is Steps<Document | undefined> =>
  after !== undefined && 'next' in after;
