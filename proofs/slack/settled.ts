import { sleep } from '../../src/async/sleep.ts';

const mostMs = 300_000;

/** Waits until `count` has been the same for a while. */
export async function settled(count: () => number, quietMs = 1_500): Promise<void> {
  const giveUpAt = performance.now() + mostMs;
  let last = count();
  let since = performance.now();
  while (performance.now() - since < quietMs && performance.now() < giveUpAt) {
    await sleep(20);
    if (count() === last) continue;
    last = count();
    since = performance.now();
  }
}
