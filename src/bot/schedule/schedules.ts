import type { Identity } from '../../access/access.ts';
import type { Outcome } from '../../audit/audit.ts';
import type { Caller } from '../../commands/command.ts';
import type { Document } from '../../document/document.ts';
import type { Place } from '../../inputs/input.ts';

/** A line to be run later in somebody's name. */
export interface Due {
  readonly identity: Identity;
  readonly place: Place;
  readonly roomName: string;
  readonly isDirect: boolean;
  readonly line: string;
  /** For the audit: `schedule s7`, `watch s8`. */
  readonly cause: string;
  /** Aborts when its person cancels it. */
  readonly signal?: AbortSignal | undefined;
  /** Shows what came of it; absent: it is said in the place. Never rejects. */
  readonly show?: ((answer: Document, kind: 'answer' | 'error') => Promise<void>) | undefined;
}

/** What came of a line: how it ended (`denied` when it may not be run), or that it `waits` for somebody's word. */
export type DueOutcome = Outcome | 'waits';

export interface Schedules {
  /** Begins, with what is kept from before. `run` resolves when the line was answered, and never rejects. Set once, by who runs commands. */
  start(run: (due: Due) => Promise<DueOutcome>): void;
  /**
   * Ends one of them: `s7`, in any case. Resolves with a sentence when it is sure, with undefined for what is no such id or is not there.
   * Throws a `CommandError` for somebody else's.
   */
  cancel(id: string, caller: Caller): Promise<string | undefined>;
  /** For `stop`, where nothing runs that it could mean: ends the caller's newest watch in this place. Undefined: there is none. */
  stop(caller: Caller): Promise<string | undefined>;
  /** Nothing more becomes due. */
  close(): void;
}
