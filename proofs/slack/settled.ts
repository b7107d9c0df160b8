import { sleep } from '../../src/async/sleep.ts';

const quietMs = 1_500;
const mostMs = 60_000;

/** Waits until `count` has been the same for a while. */
export async function settled(count: () => number): Promise<void> {
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
