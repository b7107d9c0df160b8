import type { Identity } from '../../access/access.ts';
import type { Document } from '../../document/document.ts';
import type { Place } from '../../inputs/input.ts';

/** A line to be run later in somebody's name. */
export interface Due {
  readonly identity: Identity;
  readonly place: Place;
  readonly roomName: string;
  readonly isDirect: boolean;
  readonly line: string;
  /** For the audit: `schedule 7`, `watch 7`. */
  readonly cause: string;
  /** Shows what came of it; absent: it is said in the place. */
  readonly show?: ((answer: Document, kind: 'answer' | 'error') => Promise<void>) | undefined;
}

export interface Schedules {
  /** Begins, with what is kept from before. `run` resolves when the line was answered, and never rejects. Set once, by who runs commands. */
  start(run: (due: Due) => Promise<void>): void;
  /** Nothing more becomes due. */
  close(): void;
}
