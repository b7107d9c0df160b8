import { startPair } from './pair.mjs';

/** The yardstick. It runs against itself too: how far those ratios lie from 1 is the noise of this machine. */
export const REFERENCE = 'undici';

export const CONTESTANTS = [
  'micro-bot',
  'micro-bot-multiplexed',
  'micro-bot-grpc',
  'undici',
  'grpc-js',
  'moleculer-tcp',
  'http1-by-hand',
];

const mean = (a, b) => (a + b) / 2;
const rotated = (values, by) => values.map((_, i) => values[(i + by) % values.length]);

/**
 * In each round everybody gets fresh processes, all at once, and a warm-up. Then, for each concurrency, slices of the reference stand
 * before and after each slice of a contestant, and a ratio is that slice against the mean of its two neighbours: a machine
 * whose speed drifts does not bend it. Resolves to slices per contestant, and why a contestant has none.
 */
export async function runRpc(options, say) {
  const slices = [];
  const failed = {};
  for (let round = 0; round < options.rounds && failed.reference === undefined; round++) {
    say(`rpc: round ${round + 1} of ${options.rounds}`);
    await attempt('reference', failed, () => runRound(options, { round, slices, failed }));
  }
  return { slices: slices.filter(({ name }) => failed[name] === undefined), failed };
}

async function runRound({ pairs, sliceMs, warmMs, concurrencies }, { round, slices, failed }) {
  const up = [];
  const start = async (name) => {
    const started = await startPair(name);
    up.push(started);
    await started.warmUp(warmMs);
    return started;
  };
  try {
    const reference = await start(REFERENCE);
    const running = [];
    for (const name of rotated(CONTESTANTS, round)) {
      if (failed[name] === undefined) await attempt(name, failed, async () => running.push(await start(name)));
    }
    for (const concurrency of concurrencies) {
      for (let again = 0; again < pairs; again++) {
        let before = await reference.measure(concurrency, sliceMs);
        for (const contestant of running.filter(({ name }) => failed[name] === undefined)) {
          const { name } = contestant;
          let measured;
          await attempt(name, failed, async () => {
            measured = await contestant.measure(concurrency, sliceMs);
          });
          const after = await reference.measure(concurrency, sliceMs);
          if (measured !== undefined) {
            const ratio = measured.perSecond / mean(before.perSecond, after.perSecond);
            const p99Ratio = measured.p99Ms / mean(before.p99Ms, after.p99Ms);
            slices.push({ name, round, ratio, p99Ratio, ...measured });
          }
          before = after;
        }
      }
    }
  } finally {
    for (const { stop } of up) await stop();
  }
}

async function attempt(name, failed, what) {
  try {
    await what();
  } catch (error) {
    failed[name] ??= error.message;
  }
}
