import type { Access, Decision } from '../../access/access.ts';
import type { Grant } from './approvals.ts';
import { standing } from './request.ts';

/** What running the line would take now. */
export interface Now {
  /** The fingerprint of the line, planned again. */
  readonly hash: string;
  /** What is wanted for each of its commands now. */
  readonly decisions: readonly (Decision & { readonly isAllowed: true })[];
  readonly access: Access;
}

/**
 * Why a grant does not let the line pass, as a sentence; undefined when it does. What was agreed to must be what runs, and rules that have
 * become stricter meanwhile count.
 */
export function objection({ hash, approvers, wanted }: Grant, now: Now): string | undefined {
  const again = `${wanted.command} has changed since it was approved: ask again`;
  if (now.hash !== hash) return again;
  const scopes = [...new Set([...wanted.scopes, ...now.decisions.flatMap((decision) => decision.scopes)])];
  const approvals = Math.max(wanted.approvals, ...now.decisions.map((decision) => decision.approvals));
  if (now.decisions.some(({ confirm }) => confirm) && !wanted.confirm) {
    return `${wanted.command} has to be confirmed by now: ask again`;
  }
  if (approvals === 0) return undefined;
  const still = standing(
    { code: '', askedAt: 0, until: 0, isConfirmed: true, approvers, wanted: { ...wanted, scopes } },
    now.access,
  );
  return still.length >= approvals
    ? undefined
    : `${wanted.command} takes ${approvals} who agree, and ${still.length} of those who did may still do so: ask again`;
}
