import { percentile } from '../lib/stats.mjs';

const MOST_CALLS = 1 << 20;
const MOST_ERRORS = 50;
const latencies = new Float64Array(MOST_CALLS);

/**
 * Calls for `durationMs`, always `concurrency` calls at once, each as soon as the one before is answered. Every answer is checked.
 * Throws the first error: a contestant that fails calls has no rate.
 */
export async function slice(call, { concurrency, durationMs }) {
  let calls = 0;
  const errors = [];
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const until = startedAt + durationMs;
  const caller = async () => {
    for (let before = performance.now(); before < until && calls < MOST_CALLS && errors.length < MOST_ERRORS; ) {
      try {
        const answer = await call('John');
        if (answer.msg !== 'Hello John') throw new Error(`wrong answer ${JSON.stringify(answer)}`);
        const now = performance.now();
        latencies[calls++] = now - before;
        before = now;
      } catch (error) {
        errors.push(error);
        before = performance.now();
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, caller));
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  if (errors.length > 0) throw new Error(`${errors.length} calls failed`, { cause: errors[0] });
  const sorted = latencies.slice(0, calls).sort();
  return {
    calls,
    perSecond: calls / seconds,
    meanMs: sorted.reduce((sum, ms) => sum + ms, 0) / calls,
    p50Ms: percentile(sorted, 0.5),
    p90Ms: percentile(sorted, 0.9),
    p99Ms: percentile(sorted, 0.99),
    cpuUs: user + system,
  };
}
