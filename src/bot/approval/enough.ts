import type { Access, Decision } from '../../access/access.ts';
import type { Grant } from './approvals.ts';
import { standing } from './request.ts';

/**
 * Whether what was agreed to is enough for what the rules ask for now: they may have become stricter, and those who agreed may hold less, or have
 * turned out to be the one who asked. Throws what the access rules throw.
 */
export function isEnough(
  { approvers, wanted }: Grant,
  { confirm, approvals, scopes }: Pick<Decision & { readonly isAllowed: true }, 'confirm' | 'approvals' | 'scopes'>,
  access: Access,
): boolean {
  if (confirm && !wanted.confirm) return false;
  if (approvals === 0) return true;
  const all = [...new Set([...wanted.scopes, ...scopes])];
  return standing({ approvers, wanted: { ...wanted, scopes: all } }, access).length >= approvals;
}
