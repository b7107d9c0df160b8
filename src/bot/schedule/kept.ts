import type { Identity } from '../../access/access.ts';
import type { Place } from '../../inputs/input.ts';
import type { DueOutcome } from './schedules.ts';
import type { When } from './when.ts';

/** A schedule as it is kept. Times are milliseconds since the epoch. */
export interface Kept {
  /** Unique for ever. */
  readonly number: number;
  /** The principal whose it is. */
  readonly person: string;
  readonly identity: Identity;
  readonly place: Extract<Place, { readonly kind: 'room' }>;
  readonly roomName: string;
  readonly isDirect: boolean;
  readonly line: string;
  readonly when: When;
  /** When, for people. */
  readonly shown: string;
  /** Its person wanted it, or it was refused too often. */
  readonly paused?: 'asked' | 'refused' | undefined;
  /** How often it was refused in a row. */
  readonly refusals: number;
  readonly last?: { readonly at: number; readonly outcome: DueOutcome } | undefined;
  /** It runs once, and did when this was kept: nobody knows what became of it. */
  readonly runningSince?: number | undefined;
}

export interface Shelved {
  /** The next number. */
  readonly next: number;
  readonly schedules: readonly Kept[];
  /** When this was kept. */
  readonly attendedAt?: number | undefined;
}

export const nothing: Shelved = { next: 1, schedules: [] };
