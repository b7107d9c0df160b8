import { sleep } from '../../async/sleep.ts';

/** What a promise gives within that time; undefined after it. Rejects as the promise does. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  const late = new AbortController();
  try {
    return await Promise.race([promise, sleep(ms, late.signal).then(() => undefined)]);
  } finally {
    late.abort();
  }
}
