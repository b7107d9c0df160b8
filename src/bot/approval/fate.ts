import { showCode } from '../../async/codes.ts';
import type { Audit, Outcome } from '../../audit/audit.ts';
import type { Request } from './request.ts';

/** What became of what was let run before the bot went down, as far as that is recorded. */
export type Fate =
  | {
      readonly kind: 'ended';
      readonly outcome: Exclude<Outcome, 'unknown'>;
      /** What its person was told, when it failed. */
      readonly error?: string | undefined;
    }
  /** It was used up, and that is the last of it. */
  | { readonly kind: 'never began' }
  /** It began and has no end, or the records don't go so far. */
  | { readonly kind: 'unknown' };

/** What the audit says made it run. `code` as people read it. */
export const causeOf = (code: string): string => `approval ${code}`;

/** What the audit says when a request is used up. */
export const usedUp = 'approval used';

/** The bot went down soon after: not much can have been recorded since. */
const most = 5_000;
/** The clock may have been put back meanwhile. */
const toleranceMs = 3_600_000;

/** An audit that can be asked, or one that only takes records. */
export type Records = Partial<Pick<Audit, 'find'>>;

/** Rejects with an `AuditError`. */
export async function fateOf({ wanted, code, askedAt }: Request, audit: Records): Promise<Fate> {
  const since = askedAt - toleranceMs;
  const shown = showCode(code);
  const records = await audit.find?.({ command: wanted.command, since }, most);
  if (records === undefined) return { kind: 'unknown' };
  const begun = records.findLast((each) => 'cause' in each && each.cause === causeOf(shown));
  if (begun?.kind === 'denied') return { kind: 'ended', outcome: 'denied', error: begun.decision };
  if (begun?.kind === 'started') {
    const end = records.findLast((each) => each.kind === 'ended' && each.id === begun.id);
    if (end?.kind !== 'ended' || end.outcome === 'unknown') return { kind: 'unknown' };
    return { kind: 'ended', outcome: end.outcome, error: end.error };
  }
  // Only records that tell of its use would tell of its beginning, too.
  const all = (await audit.find?.({ since }, most)) ?? [];
  const isTold = all.some((each) => each.kind === 'note' && each.what === usedUp && each.details['code'] === shown);
  return { kind: isTold ? 'never began' : 'unknown' };
}
