import { z } from 'zod';
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
}

export const nothing: Shelved = { next: 1, schedules: [] };

const time = z.number().int();

const when = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('once'), at: time }),
  z.object({ kind: z.literal('interval'), everyMs: z.number().positive(), from: time }),
  z.object({ kind: z.literal('calendar'), pattern: z.string(), zone: z.string() }),
  z.object({ kind: z.literal('watch'), everyMs: z.number().positive(), from: time, until: time }),
]);

const kept = z.object({
  number: z.number().int().positive(),
  person: z.string(),
  identity: z.object({ input: z.string(), user: z.string(), name: z.string(), isKnown: z.boolean() }),
  place: z.object({ kind: z.literal('room'), room: z.string(), thread: z.string().optional() }),
  roomName: z.string(),
  isDirect: z.boolean(),
  line: z.string(),
  when,
  shown: z.string(),
  paused: z.enum(['asked', 'refused']).optional(),
  refusals: z.number().int(),
  last: z
    .object({ at: time, outcome: z.enum(['done', 'failed', 'denied', 'cancelled', 'timed out', 'unknown', 'waits']) })
    .optional(),
  runningSince: time.optional(),
});

const shelved = z.object({ next: z.number().int().positive(), schedules: z.array(kept) });

/** Throws for what is none. */
export const readShelved = (value: unknown): Shelved => shelved.parse(value);
