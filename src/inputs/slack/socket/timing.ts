/** How patient the sockets are, in milliseconds. */
export interface Timing {
  /** How long Slack may take to give the address of a socket. Default 60,000: it includes waiting where Slack asks for it. */
  readonly urlMs: number;
  /** From the address to hello. Default 10,000. */
  readonly helloMs: number;
  /** Between our pings on one socket. Default 3,000. */
  readonly pingMs: number;
  /** A socket that says nothing for so many of our pings in a row is dead. Default 3. */
  readonly missedPings: number;
  /** How long a socket that was replaced is still listened to, unless Slack closes it before. Default 30,000. */
  readonly graceMs: number;
  /** For Slack to say goodbye. Default 1,000. */
  readonly closeMs: number;
  /** Between the first openings of the sockets. Default 1,000. */
  readonly staggerMs: number;
  /** First step of the waits after failures; each step is double the one before. Default 500. */
  readonly minDelayMs: number;
  /** The longest such wait. Default 30,000. */
  readonly maxDelayMs: number;
  /** The longest wait where trying again hardly helps: refused credentials, too many sockets. Default 300,000. */
  readonly slowDelayMs: number;
  /** A socket that lived for so long was a success. Default 10,000. */
  readonly stableMs: number;
}

export const defaultTiming: Timing = {
  urlMs: 60_000,
  helloMs: 10_000,
  pingMs: 3_000,
  missedPings: 3,
  graceMs: 30_000,
  closeMs: 1_000,
  staggerMs: 1_000,
  minDelayMs: 500,
  maxDelayMs: 30_000,
  slowDelayMs: 300_000,
  stableMs: 10_000,
};
