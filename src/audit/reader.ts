import type { AuditFilter, AuditRecord } from './audit.ts';
import type { AuditReport } from './verify.ts';

/** An audit that is only read. */
export interface AuditReader {
  find(filter: AuditFilter, most: number): Promise<readonly AuditRecord[]>;
  /** Checks all records. `head`: a hash that was kept elsewhere. */
  verify(head?: string): Promise<AuditReport>;
  /** The lines that fit, oldest first, as they are, some at a time. */
  export(filter: AuditFilter): AsyncIterable<readonly string[]>;
  close(): Promise<void>;
}
