import { z } from 'zod';
import type { Kept } from './kept.ts';

const identity = z.strictObject({ input: z.string(), user: z.string(), name: z.string(), isKnown: z.boolean() });
const place = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('room'), room: z.string(), thread: z.string().optional() }),
  z.strictObject({ kind: z.literal('person'), person: z.string() }),
]);
const wanted = z.strictObject({
  identity,
  person: z.string(),
  place,
  roomName: z.string(),
  isDirect: z.boolean(),
  line: z.string(),
  shown: z.string(),
  isMasked: z.boolean(),
  command: z.string(),
  hash: z.string(),
  confirm: z.boolean(),
  approvals: z.int().min(0),
  scopes: z.array(z.string()),
});
const request = z.strictObject({
  code: z.string(),
  wanted,
  askedAt: z.number(),
  until: z.number(),
  isConfirmed: z.boolean(),
  approvers: z.array(identity),
});
const kept: z.ZodType<Kept> = z.strictObject({ waiting: z.array(request), taken: z.array(request) });

/** Throws for what was not written by `forDisk`. */
export const readKept = (value: unknown): Kept => kept.parse(value);
