import { ROWS } from './rows.mjs';
import { startRow } from './start.mjs';

const rotated = (values, by) => values.map((_, i) => values[(i + by) % values.length]);

/**
 * In each round every row gets fresh processes and a warm-up. Then the rows take turns, so that a machine whose speed drifts is as fast
 * for one as for the other. Resolves to slices, and why a row has none.
 */
export async function runTable({ rounds, pairs, sliceMs, warmMs, concurrencies }, say) {
  const slices = [];
  const failed = {};
  const attempt = async (name, what) => {
    try {
      await what();
    } catch (error) {
      failed[name] ??= error.message;
    }
  };
  for (let round = 0; round < rounds; round++) {
    say(`table: round ${round + 1} of ${rounds}`);
    const running = [];
    try {
      for (const row of rotated(ROWS, round * 5)) {
        if (failed[row.name] !== undefined) continue;
        await attempt(row.name, async () => {
          const started = await startRow(row);
          running.push(started);
          await started.measure(16, warmMs);
        });
      }
      for (const concurrency of concurrencies) {
        for (let again = 0; again < pairs; again++) {
          for (const { name, measure } of running) {
            if (failed[name] !== undefined) continue;
            await attempt(name, async () => {
              slices.push({ name, round, concurrency, ...(await measure(concurrency, sliceMs)) });
            });
          }
        }
      }
    } finally {
      for (const { stop } of running) await stop();
    }
  }
  return { slices: slices.filter(({ name }) => failed[name] === undefined), failed };
}
