/** What was opened one after the other, to be closed the other way round. */
export interface Closers {
  /** Keeps it, and returns it. */
  keep<T extends { close(): unknown }>(each: T): T;
  /** Closes all of them, also behind one that fails; then rejects as the first that failed. */
  close(): Promise<void>;
}

export function createClosers(): Closers {
  const open: { close(): unknown }[] = [];
  return {
    keep(each) {
      open.push(each);
      return each;
    },
    async close() {
      const errors: unknown[] = [];
      for (const each of open.splice(0).toReversed()) {
        try {
          await each.close();
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) throw errors[0];
    },
  };
}
