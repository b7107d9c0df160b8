/** An account as it was when something was agreed to. */
export interface Account {
  readonly input: string;
  readonly user: string;
  /** For display. */
  readonly name: string;
}

/** The account `id` belongs to whom `to` belongs to. */
export interface Link {
  readonly id: string;
  readonly to: string;
  /** For display. */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A code that was given out, and how far it came. */
export interface OpenCode {
  /** Of the code. */
  readonly print: string;
  readonly creator: Account;
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** Who typed it first. Nobody else can use it then. */
  readonly claimant?: Account | undefined;
  /** Whether the claimant has said yes. */
  readonly isAgreed: boolean;
  /** Whether the creator was told who the claimant is. */
  readonly isShown: boolean;
}

/** What is kept from one run to the next. */
export interface KeptLinks {
  readonly links: readonly Link[];
  readonly codes: readonly OpenCode[];
}

export const noLinks: KeptLinks = { links: [], codes: [] };
