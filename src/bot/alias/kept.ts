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

/** What the state has of an earlier run. Throws for what nobody kept there. */
export const readAliases = async (kept: unknown): Promise<readonly Alias[]> =>
  (await import('./schema.ts')).aliases.parse(kept);
