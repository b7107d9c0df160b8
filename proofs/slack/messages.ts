/** Where Slack is, and who the bot is there. */
export interface Settings {
  readonly apiUrl: string;
  readonly token: string;
  readonly appToken: string;
  /** Of those who can have several. */
  readonly sockets: number;
  /** How much faster than ours its clock runs. */
  readonly clockFactor: number;
}

/** What our bot is told. Each gets one report with the same id. */
export type Order =
  /** Somebody types this in another chat network of the same bot. */
  | { readonly kind: 'ask'; readonly id: number; readonly text: string }
  | { readonly kind: 'memory'; readonly id: number };

/** What a bot tells of itself. */
export type Report =
  /** It listens. */
  | { readonly kind: 'ready' }
  /** A command with this name ran. */
  | { readonly kind: 'ran'; readonly name: string }
  /** A line of its log, debug aside. */
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'answer'; readonly id: number; readonly text: string }
  | ({ readonly kind: 'memory'; readonly id: number } & Memory);

/** Bytes, after garbage collections. */
export interface Memory {
  readonly heap: number;
  readonly resident: number;
}
