import { z } from 'zod';
import type { Shelved } from './kept.ts';

const time = z.number().int();
const zone = z.string();

const when = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('once'), at: time, zone: zone.optional() }),
  z.object({ kind: z.literal('interval'), everyMs: z.number().positive(), from: time }),
  z.object({ kind: z.literal('calendar'), pattern: z.string(), zone, also: z.array(z.string()).optional() }),
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

const shelved: z.ZodType<Shelved> = z.object({
  next: z.number().int().positive(),
  schedules: z.array(kept),
  attendedAt: time.optional(),
});

/** Throws for what is none. */
export const readShelved = (value: unknown): Shelved => shelved.parse(value);
