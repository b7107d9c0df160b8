import { z } from 'zod';
import type { KeptLinks } from './kept-links.ts';

const account = z.object({ input: z.string().min(1), user: z.string().min(1), name: z.string() });
const keptLinks: z.ZodType<KeptLinks> = z.object({
  links: z.array(z.object({ id: z.string().min(1), to: z.string().min(1), name: z.string(), at: z.number() })),
  codes: z.array(
    z.object({
      print: z.string().length(64),
      creator: account,
      until: z.number(),
      claimant: account.optional(),
      isAgreed: z.boolean(),
      isShown: z.boolean(),
    }),
  ),
});

/** Throws for what was not kept by us. */
export const readKeptLinks = (value: unknown): KeptLinks => keptLinks.parse(value);
