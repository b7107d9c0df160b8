/** Where schedules get the time from. */
export interface Clock {
  /** Milliseconds since the epoch; it may jump. */
  now(): number;
  /** Rings once, about `ms` milliseconds from now, unless what it returns is called. Holds no process back from its end. */
  after(ms: number, ring: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, ring) {
    const timer = setTimeout(ring, ms).unref();
    return () => clearTimeout(timer);
  },
};
