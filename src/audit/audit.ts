/** How an invocation ended. `unknown`: the bot went down while it ran, and nobody knows what became of it. */
export type Outcome = 'done' | 'failed' | 'denied' | 'cancelled' | 'timed out' | 'unknown';

/** What an invocation is about. No secret is in it: secret parameters are masked in `line`. */
export interface About {
  /** The invocation's id. */
  readonly id: string;
  /** The principal. */
  readonly person: string;
  readonly input: string;
  /** The network's id of the sender. */
  readonly user: string;
  readonly room: string;
  readonly thread?: string | undefined;
  /** The network's id of the message; absent for what nobody typed just now. */
  readonly message?: string | undefined;
  readonly command: string;
  /** As it was typed, aliases replaced. */
  readonly line: string;
  /** Something of the line is hidden: it cannot be run again from here. */
  readonly isMasked: boolean;
  /** What made it run: a message, a schedule, a watch, an approval. */
  readonly cause: string;
  /** Why it was allowed, or not. */
  readonly decision: string;
  readonly approvers?: readonly string[] | undefined;
  readonly service?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly version?: string | undefined;
}

export type AuditEvent =
  | ({ readonly kind: 'started' } & About)
  | ({ readonly kind: 'denied' } & About)
  | {
      readonly kind: 'ended';
      readonly id: string;
      readonly outcome: Outcome;
      readonly durationMs: number;
      /** The node that answered, where one did. */
      readonly node?: string | undefined;
      readonly version?: string | undefined;
      /** What the person was told, when it failed. */
      readonly error?: string | undefined;
    }
  /** Something else that those who look after the bot want to know: approvals, links, elevations, changes of the access file. */
  | {
      readonly kind: 'note';
      readonly what: string;
      readonly person: string;
      readonly details: Readonly<Record<string, string>>;
    };

/** An event as it stands in the audit. */
export type AuditRecord = AuditEvent & {
  /** From 1, without gaps. */
  readonly seq: number;
  /** RFC 3339, in UTC. */
  readonly at: string;
  /** The hash of the record before; of the first: 64 zeros. */
  readonly previous: string;
  /** SHA-256 of this record without this member. */
  readonly hash: string;
};

export interface AuditFilter {
  readonly person?: string | undefined;
  readonly command?: string | undefined;
  readonly room?: string | undefined;
  readonly service?: string | undefined;
  readonly outcome?: Outcome | undefined;
  /** The invocation's. */
  readonly id?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** What was done, by whom, and how it ended: records are added, never changed. */
export interface Audit {
  /**
   * Resolves when the record will survive the end of this process. Rejects with an `AuditError` when it could not be written; then `outage`
   * says so, too.
   */
  write(event: AuditEvent): Promise<void>;
  /** The newest records that fit, oldest first. A `started` and its `ended` both fit when one of them does. */
  find(filter: AuditFilter, most: number): Promise<readonly AuditRecord[]>;
  /** Why nothing can be written at the moment. */
  readonly outage?: { readonly since: number; readonly reason: string } | undefined;
  close(): Promise<void>;
}

export type AuditErrorCode =
  /** The disk is full, the file is not ours to write: nothing is recorded at the moment. */
  | 'unavailable'
  /** What is there is no audit, or was changed by somebody. */
  | 'broken'
  /** Another process writes to it. */
  | 'in_use';

export class AuditError extends Error {
  readonly code: AuditErrorCode;

  constructor(code: AuditErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AuditError';
    this.code = code;
  }
}
