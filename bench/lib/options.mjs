import { parseArgs } from 'node:util';

const PARTS = ['rpc', 'streams', 'table', 'routing', 'pipeline', 'startup', 'discovery'];

/** What to measure and for how long. Throws an `Error` with a sentence for an option that does not exist. */
export function readOptions(argv) {
  const { values } = parseArgs({
    args: argv,
    options: { only: { type: 'string' }, quick: { type: 'boolean', default: false } },
  });
  const parts = values.only === undefined ? PARTS : values.only.split(',');
  const unknown = parts.find((part) => !PARTS.includes(part));
  if (unknown !== undefined) throw new Error(`there is no part "${unknown}"; --only takes ${PARTS.join(', ')}`);
  const { quick } = values;
  return {
    parts,
    quick,
    rpc: quick
      ? { rounds: 1, pairs: 1, sliceMs: 250, warmMs: 800, concurrencies: [1, 16, 50] }
      : { rounds: 3, pairs: 2, sliceMs: 600, warmMs: 4_000, concurrencies: [1, 16, 50] },
    streams: quick
      ? { rounds: 1, pairs: 1, sliceMs: 250, warmMs: 500, concurrencies: [1, 16] }
      : { rounds: 3, pairs: 2, sliceMs: 800, warmMs: 3_000, concurrencies: [1, 16] },
    table: quick
      ? { rounds: 1, pairs: 1, sliceMs: 200, warmMs: 300, concurrencies: [16] }
      : { rounds: 3, pairs: 2, sliceMs: 600, warmMs: 3_000, concurrencies: [1, 16, 50] },
    routing: quick
      ? { rounds: 1, passes: 2, sliceMs: 100, warmMs: 200, sizes: [10, 100, 1_000, 10_000] }
      : { rounds: 3, passes: 5, sliceMs: 200, warmMs: 800, sizes: [10, 100, 1_000, 10_000] },
    pipeline: quick
      ? { rounds: 1, passes: 2, sliceMs: 300, warmMs: 1_000 }
      : { rounds: 3, passes: 5, sliceMs: 600, warmMs: 2_500 },
    startup: quick ? { rounds: 3 } : { rounds: 11 },
    discovery: quick
      ? { sizes: [1_000, 2_000], rounds: 1, changes: 20, lookups: 5 }
      : { sizes: [10_000, 33_334], rounds: 11, changes: 300, lookups: 100 },
  };
}
