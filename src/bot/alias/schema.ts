import { z } from 'zod';
import type { Alias } from './kept.ts';

const aliases: z.ZodType<readonly Alias[]> = z.array(
  z.object({
    owner: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('person'), person: z.string() }),
      z.object({ kind: z.literal('room'), input: z.string(), room: z.string() }),
    ]),
    name: z.string(),
    line: z.string(),
    maker: z.string(),
    told: z.array(z.string()).default([]),
  }),
);

/** What the state has of an earlier run. Throws for what nobody kept there. */
export const readAliases = (kept: unknown): readonly Alias[] => aliases.parse(kept);
