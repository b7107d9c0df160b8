import type { Audit } from './audit.ts';
import type { Head } from './line.ts';
import type { Started } from './match.ts';
import type { AuditReport } from './verify.ts';

/** An audit that can be gone on with and checked. */
export interface KeptAudit extends Audit {
  /** What was running when the bot went down the last time. Each of them has ended as `unknown` by now. */
  readonly unfinished: readonly Started[];
  /** The highest number that was an invocation's id when the audit was opened: ids go on from there. 0: none. */
  readonly lastId: number;
  /** The end of the chain. Kept elsewhere, it shows later that nothing up to here was cut off or written anew. */
  readonly head: Head;
  /** Checks all records. `head`: a hash that was kept elsewhere. */
  verify(head?: string): Promise<AuditReport>;
}
