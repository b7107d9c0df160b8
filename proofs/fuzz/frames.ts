import * as fc from 'fast-check';
import { noise } from './compose.ts';
import { mutate } from './mutate.ts';
import { type Random, seeded } from './random.ts';

const batch = 500;

/** Frames to throw at a reader: six in ten are mutated samples, three composed by fast-check, one is noise. The same for the same seed. */
export function* frames(
  count: number,
  samples: readonly Buffer[],
  composed: fc.Arbitrary<Buffer>,
  seed: number,
): Iterable<Buffer> {
  const random = seeded(seed);
  const drawn = drawer(composed, random);
  const noises = drawer(noise, random);
  for (let left = count; left > 0; left -= 1) {
    const kind = random.below(10);
    if (kind < 6) yield mutate(random.pick(samples), samples, random);
    else yield kind < 9 ? drawn() : noises();
  }
}

function drawer(arbitrary: fc.Arbitrary<Buffer>, random: Random): () => Buffer {
  let waiting: Buffer[] = [];
  return () => {
    if (waiting.length === 0) waiting = fc.sample(arbitrary, { numRuns: batch, seed: random.below(0x7fff_ffff) });
    return waiting.pop() ?? Buffer.alloc(0);
  };
}
