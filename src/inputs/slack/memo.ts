/** What was found out, and stays so for a while. What failed is asked for again. */
export interface Memo<T> {
  get(key: string, work: () => Promise<T>): Promise<T>;
}

const most = 10_000;

export function createMemo<T>(keepMs: number): Memo<T> {
  const known = new Map<string, { readonly value: Promise<T>; readonly until: number }>();
  return {
    get(key, work) {
      const now = performance.now();
      const found = known.get(key);
      if (found !== undefined && found.until > now) return found.value;
      const value = work();
      const entry = { value, until: now + keepMs };
      known.delete(key);
      known.set(key, entry);
      value.catch(() => {
        if (known.get(key) === entry) known.delete(key);
      });
      const [oldest] = known.keys();
      if (known.size > most && oldest !== undefined) known.delete(oldest);
      return value;
    },
  };
}
