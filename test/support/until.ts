import { sleep } from '../../src/async/sleep.ts';

type Falsy = undefined | null | false | 0 | '';

/** Waits until `probe` gives something truthy (it may throw until then) and returns it. Fails after `withinMs` with the last error. */
export async function until<T>(probe: () => T | Promise<T>, withinMs = 30_000): Promise<Exclude<T, Falsy>> {
  const end = Date.now() + withinMs;
  let error: unknown;
  while (Date.now() < end) {
    try {
      const value = await probe();
      if (value) return value as Exclude<T, Falsy>;
    } catch (thrown) {
      error = thrown;
    }
    await sleep(5);
  }
  throw new Error(`waited ${withinMs} ms in vain for ${probe.toString()}`, { cause: error });
}
