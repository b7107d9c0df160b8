import { setTimeout as wait } from 'node:timers/promises';

/** Resolves as soon as it is so. Rejects when that takes longer than `withinMs`. */
export async function until(isSo: () => boolean | Promise<boolean>, withinMs: number, what: string): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await wait(5);
  }
}
