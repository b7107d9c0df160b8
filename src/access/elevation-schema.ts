import { z } from 'zod';
import type { Held } from './elevation-kept.ts';

const held = z.strictObject({
  person: z.string(),
  identity: z.strictObject({ input: z.string(), user: z.string(), name: z.string(), isKnown: z.boolean() }),
  roles: z.array(z.string()),
  reason: z.string(),
  since: z.number(),
  until: z.number(),
  announce: z.array(z.strictObject({ input: z.string(), room: z.string() })),
});
const heldList: z.ZodType<readonly Held[]> = z.array(held);

/** Throws for what is no list of elevations. */
export const readHeld = (value: unknown): readonly Held[] => heldList.parse(value);
