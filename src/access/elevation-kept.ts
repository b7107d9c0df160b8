import { z } from 'zod';
import type { Identity } from './access.ts';
import type { BreakGlass, Elevation } from './elevation.ts';

/** An elevation, whose it is and who was told. */
export interface Held extends Elevation {
  /** The principal. */
  readonly person: string;
  readonly identity: Identity;
  readonly announce: BreakGlass['announce'];
}

const held = z.strictObject({
  person: z.string(),
  identity: z.strictObject({ input: z.string(), user: z.string(), name: z.string(), isKnown: z.boolean() }),
  roles: z.array(z.string()),
  reason: z.string(),
  since: z.number(),
  until: z.number(),
  announce: z.array(z.strictObject({ input: z.string(), room: z.string() })),
});
const kept = z.array(held);

/** Throws for what is no list of elevations. */
export const readHeld = (value: unknown): readonly Held[] => kept.parse(value);
