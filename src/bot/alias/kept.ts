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
  /** Others who were told what it stands for. */
  readonly told: readonly string[];
}
