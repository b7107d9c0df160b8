/** What one message may cost. */
export interface Limits {
  /** Start line and headers together. Default 65,536. */
  readonly maxHeadBytes: number;
  /** Default 256. */
  readonly maxHeaders: number;
  /** Default 67,108,864. */
  readonly maxBodyBytes: number;
}

export const defaultLimits: Limits = { maxHeadBytes: 64 * 1024, maxHeaders: 256, maxBodyBytes: 64 * 1024 * 1024 };
