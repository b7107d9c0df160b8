import { fileURLToPath } from 'node:url';
import { startChild } from '../lib/child.mjs';

const worker = fileURLToPath(new URL('worker.mjs', import.meta.url));

export const WAYS = ['whole', 'without audit', 'without access', 'without both'];

/** In each round a fresh process for each way, warmed up; then each in turn has a short slice, several passes of it. */
export async function runPipeline({ rounds, passes, sliceMs, warmMs }, say) {
  const slices = [];
  const failed = {};
  for (let round = 0; round < rounds; round++) {
    say(`pipeline: round ${round + 1} of ${rounds}`);
    const up = [];
    try {
      for (const name of WAYS) {
        const child = await startChild(worker, [name]);
        up.push({ name, child });
        await child.ask({ durationMs: warmMs });
      }
      for (let pass = 0; pass < passes; pass++) {
        for (const { name, child } of up)
          slices.push({ name, round, pass, ...(await child.ask({ durationMs: sliceMs })) });
      }
    } catch (error) {
      failed[WAYS[up.length - 1] ?? WAYS[0]] = error.message;
    } finally {
      for (const { child } of up) await child.stop();
    }
  }
  return { slices, failed };
}
