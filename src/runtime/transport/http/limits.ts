/** What one message may cost. */
export interface Limits {
  /** Start line and headers together. Default 65,536. */
  readonly maxHeadBytes: number;
  /** Default 256. */
  readonly maxHeaders: number;
  /** Default 67,108,864. */
  readonly maxBodyBytes: number;
}

/** How long the other side may keep us waiting. Between messages it is as long as it likes. */
export interface Patience {
  /** From the first byte of a head to its last, in milliseconds. A TLS handshake has as long. Default 10,000. */
  readonly headTimeoutMs: number;
  /** A body must bring `minBodyBytes` in each span of so many milliseconds until it is complete. Default 10,000. */
  readonly bodyWindowMs: number;
  /** Bytes as they come over the wire. Default 4,096. */
  readonly minBodyBytes: number;
  /**
   * How long messages that came before the other side closed wait for a receiver that pauses, in milliseconds and from each `resume`
   * anew. Then they are dropped, and the receiver is told that the socket is closed. Default 30,000.
   */
  readonly heldTimeoutMs: number;
}

export const defaultLimits: Limits = { maxHeadBytes: 64 * 1024, maxHeaders: 256, maxBodyBytes: 64 * 1024 * 1024 };

export const defaultPatience: Patience = {
  headTimeoutMs: 10_000,
  bodyWindowMs: 10_000,
  minBodyBytes: 4096,
  heldTimeoutMs: 30_000,
};
