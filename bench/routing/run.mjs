import { fileURLToPath } from 'node:url';
import { startChild } from '../lib/child.mjs';

const worker = fileURLToPath(new URL('worker.mjs', import.meta.url));
const TIMEOUT_MS = 60_000;

export const CONTESTANTS = ['micro-bot', 'hubot-command-bus', 'hubot-respond'];

/** Few and many alternate, so that the two ends of the flatness goal stand beside each other. */
const inOut = (sizes) => {
  const left = [...sizes];
  const order = [];
  while (left.length > 0) order.push(order.length % 2 === 0 ? left.shift() : left.pop());
  return order;
};

/** Each contestant answers messages with each number of commands, every time in a fresh process, beside the others. */
export async function runRouting({ rounds, sliceMs, sizes }, say) {
  const slices = [];
  const failed = {};
  for (let round = 0; round < rounds; round++) {
    say(`routing: round ${round + 1} of ${rounds}`);
    for (const size of inOut(sizes)) {
      for (const [i] of CONTESTANTS.entries()) {
        const name = CONTESTANTS[(i + round) % CONTESTANTS.length];
        if (failed[name] !== undefined) continue;
        try {
          slices.push({ name, round, size, ...(await measure(name, size, sliceMs)) });
        } catch (error) {
          failed[name] = error.message;
        }
      }
    }
  }
  return { slices: slices.filter(({ name }) => failed[name] === undefined), failed };
}

async function measure(name, size, sliceMs) {
  const child = await startChild(worker, [name, String(size), String(sliceMs)], { timeoutMs: TIMEOUT_MS });
  try {
    return await child.ask({});
  } finally {
    await child.stop();
  }
}
