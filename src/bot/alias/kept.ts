import { z } from 'zod';

/** Whose a name is: one person's, everywhere, or everybody's in one room. */
export type Owner =
  | { readonly kind: 'person'; readonly person: string }
  | { readonly kind: 'room'; readonly input: string; readonly room: string };

/** A name for a line. */
export interface Alias {
  readonly owner: Owner;
  readonly name: string;
  /** As it was typed. */
  readonly line: string;
  /** The principal who made it. */
  readonly maker: string;
}

const aliases = z.array(
  z.object({
    owner: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('person'), person: z.string() }),
      z.object({ kind: z.literal('room'), input: z.string(), room: z.string() }),
    ]),
    name: z.string(),
    line: z.string(),
    maker: z.string(),
  }),
);

/** What the state has of an earlier run. Throws for what nobody kept there. */
export const readAliases = (kept: unknown): readonly Alias[] => aliases.parse(kept);
