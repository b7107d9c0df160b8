/** How patient an account is, in milliseconds. */
export interface Timing {
  /** To reach one server, up to TLS. Default 10,000. */
  readonly connectMs: number;
  /** From there to the end of the login. Default 20,000. */
  readonly loginMs: number;
  /** Between our asking the server for a sign of life. Shorter where the server says that it ends idle streams. Default 10,000. */
  readonly pingMs: number;
  /** How long the server may take for one. Default 10,000. */
  readonly silenceMs: number;
  /** How long a stanza may be unacknowledged before that is asked for, when nobody else asks. Default 50. */
  readonly askMs: number;
  /** How long a goodbye may take. Default 1,000. */
  readonly closeMs: number;
  /** First step of the waits after failures. Default 1,000. */
  readonly minDelayMs: number;
  /** The longest such wait. Default 30,000. */
  readonly maxDelayMs: number;
  /** The wait after a conflict, at least half of it: to come back at once would only throw the other one out. Default 120,000. */
  readonly slowDelayMs: number;
  /** A login that lasted so long was a success. Default 10,000. */
  readonly stableMs: number;
}

export const defaultTiming: Timing = {
  connectMs: 10_000,
  loginMs: 20_000,
  pingMs: 10_000,
  silenceMs: 10_000,
  askMs: 50,
  closeMs: 1_000,
  minDelayMs: 1_000,
  maxDelayMs: 30_000,
  slowDelayMs: 120_000,
  stableMs: 10_000,
};
