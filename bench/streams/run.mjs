import { fileURLToPath } from 'node:url';
import { startChild } from '../lib/child.mjs';

export const REFERENCE = 'grpc-js';
export const CONTESTANTS = ['micro-bot-json', 'micro-bot-protobuf', 'micro-bot-grpc', REFERENCE];

const worker = fileURLToPath(new URL('worker.mjs', import.meta.url));
const GRACE_MS = 20_000;

async function startPair(name) {
  const server = await startChild(worker, ['server', name]);
  try {
    const client = await startChild(worker, ['client', name, JSON.stringify(server.ready)]);
    return {
      name,
      read: (concurrency, durationMs) => client.ask({ concurrency, durationMs }, durationMs + GRACE_MS),
      async stop() {
        await client.stop();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** In each round everybody gets fresh processes and a warm-up; then they take turns. Resolves to slices, and why a contestant has none. */
export async function runStreams({ rounds, pairs, sliceMs, warmMs, concurrencies }, say) {
  const slices = [];
  const failed = {};
  for (let round = 0; round < rounds; round++) {
    say(`streams: round ${round + 1} of ${rounds}`);
    const running = [];
    const attempt = async (name, what) => {
      try {
        if (failed[name] === undefined) await what();
      } catch (error) {
        failed[name] = error.message;
      }
    };
    try {
      for (const name of CONTESTANTS) {
        await attempt(name, async () => {
          const pair = await startPair(name);
          running.push(pair);
          await pair.read(4, warmMs);
        });
      }
      for (const concurrency of concurrencies) {
        for (let again = 0; again < pairs; again++) {
          for (const { name, read } of running) {
            await attempt(name, async () => {
              slices.push({ name, round, again, concurrency, ...(await read(concurrency, sliceMs)) });
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
