import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Proof } from '../proof.ts';
import { type Way, ways } from './way.ts';

const whole = 1_000_000;

/** Less than the smallest object a call could leave behind; a fixed part is what the engine learns about the code meanwhile. */
const bytesPerCall = 1;
const allowance = 500_000;

export const heap: Proof = {
  name: 'heap',
  what: `${whole.toLocaleString('en')} calls, 50 at once, each way to call in a process of its own`,
  goal: 'the heap after garbage collections does not grow',
  async run(share) {
    const calls = Math.ceil((whole * share) / 10) * 10;
    const parts: string[] = [];
    let met = true;
    for (const way of ways) {
      const heaps = await measure(way, calls);
      // The last half against the first: one sample says little.
      const grown = Math.round(mean(heaps.slice(6)) - mean(heaps.slice(0, 5)));
      met &&= grown <= bytesPerCall * calls + allowance;
      parts.push(`${way}: ${heaps.map((bytes) => (bytes / 1e6).toFixed(2)).join(' ')} MB`);
    }
    return { figure: `after each ${(calls / 10).toLocaleString('en')} calls: ${parts.join('; ')}`, met };
  },
};

async function measure(way: Way, calls: number): Promise<readonly number[]> {
  const script = fileURLToPath(new URL('calls.js', import.meta.url));
  const child = fork(script, [way, `${calls}`], { execArgv: ['--expose-gc'] });
  const exit = once(child, 'exit');
  const gone = exit.then(([code]) => {
    throw new Error(`the calls ended with ${String(code)}`);
  });
  gone.catch(() => {});
  try {
    const [heaps] = (await Promise.race([once(child, 'message'), gone])) as [readonly number[]];
    return heaps;
  } finally {
    await exit;
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
