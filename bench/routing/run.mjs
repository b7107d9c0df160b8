import { fileURLToPath } from 'node:url';
import { startChild } from '../lib/child.mjs';

const worker = fileURLToPath(new URL('worker.mjs', import.meta.url));

export const CONTESTANTS = ['micro-bot', 'micro-bot-router', 'hubot-command-bus', 'hubot-respond'];

const rotated = (values, by) => values.map((_, i) => values[(i + by) % values.length]);

/** Few and many alternate, so that the two ends of the flatness goal stand beside each other. */
function inOut(sizes) {
  const left = [...sizes];
  const order = [];
  while (left.length > 0) order.push(order.length % 2 === 0 ? left.shift() : left.pop());
  return order;
}

/**
 * In each round every contestant has a fresh process for each number of commands, all at once, warmed up. Then everybody in turn has
 * a short slice, several passes of it: slices of one pass are neighbours, and ratios come from neighbours only.
 */
export async function runRouting(options, say) {
  const slices = [];
  const failed = {};
  for (let round = 0; round < options.rounds; round++) {
    say(`routing: round ${round + 1} of ${options.rounds}`);
    await runRound(options, { round, slices, failed });
  }
  return { slices: slices.filter(({ name }) => failed[name] === undefined), failed };
}

async function runRound({ passes, sliceMs, warmMs, sizes }, { round, slices, failed }) {
  const up = [];
  const each = async (list, what) => {
    for (const one of list) {
      if (failed[one.name] === undefined) await what(one).catch((error) => (failed[one.name] = error.message));
    }
  };
  const places = inOut(sizes).flatMap((size) => rotated(CONTESTANTS, round).map((name) => ({ name, size })));
  try {
    await each(places, async ({ name, size }) => {
      const child = await startChild(worker, [name, String(size)]);
      up.push({ name, size, child });
      await child.ask({ known: true, durationMs: warmMs });
    });
    for (let pass = 0; pass < passes; pass++) {
      await each(up, async ({ name, size, child }) => {
        const hit = await child.ask({ known: true, durationMs: sliceMs });
        slices.push({ name, size, pass: `${round}.${pass}`, ...hit });
      });
    }
    await each(up, async ({ name, size, child }) => {
      const miss = await child.ask({ known: false, durationMs: sliceMs });
      slices.push({
        name,
        size,
        pass: `${round}.unknown`,
        missPerSecond: miss.perSecond,
        setUpMs: child.ready.setUpMs,
        ...miss.memory,
      });
    });
  } finally {
    for (const { child } of up) await child.stop();
  }
}
