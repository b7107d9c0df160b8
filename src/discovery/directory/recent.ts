/** What is remembered for a while, by name. */
export interface Recent<T> {
  get(name: string): T | undefined;
  /** Remembers it from now on. Beyond `max` the oldest is forgotten. */
  set(name: string, value: T): void;
  delete(name: string): void;
  clear(): void;
}

/** Needs no timer: who is too old is found at the next look. */
export function newRecent<T>(forMs: number, max: number): Recent<T> {
  // In the order of time, since whoever is set again goes to the end.
  const entries = new Map<string, { readonly value: T; readonly until: number }>();

  const tidyUp = (now: number): void => {
    for (const [name, { until }] of entries) {
      if (until > now && entries.size <= max) return;
      entries.delete(name);
    }
  };

  return {
    get(name) {
      const entry = entries.get(name);
      return entry !== undefined && entry.until > performance.now() ? entry.value : undefined;
    },
    set(name, value) {
      const now = performance.now();
      entries.delete(name);
      entries.set(name, { value, until: now + forMs });
      tidyUp(now);
    },
    delete: (name) => void entries.delete(name),
    clear: () => entries.clear(),
  };
}
