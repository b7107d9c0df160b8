/** Where an answer goes instead of where it was asked for. */
export type Redirect = { readonly kind: 'me' } | { readonly kind: 'room'; readonly room: string };

/** A line of one or more commands, each given what the one before it answers. */
export interface Pipeline {
  /** Each as it was typed. */
  readonly stages: readonly string[];
  readonly to: Redirect | undefined;
  /** It is to be explained, not run. */
  readonly isPlan: boolean;
}
