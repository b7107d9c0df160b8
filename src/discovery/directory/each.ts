export interface EachOptions {
  /** How many at a time. */
  readonly limit: number;
  /** Nothing more is begun once it aborts. */
  readonly signal: AbortSignal;
}

/** Does `work` for every item. The first failure rejects, and nothing more is begun. */
export async function eachOf<T>(
  items: Iterable<T>,
  { limit, signal }: EachOptions,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = [...items];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < rest.length) {
      signal.throwIfAborted();
      const item = rest[next] as T;
      next += 1;
      try {
        await work(item);
      } catch (error) {
        next = rest.length;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, rest.length) }, worker));
}
