/** Numbers that look random and come again with the same seed. */
export interface Random {
  /** A whole number from 0 up to, and without, `below`. */
  below(below: number): number;
  pick<T>(values: readonly T[]): T;
  /** True `share` of the time. */
  chance(share: number): boolean;
}

/** Marsaglia's xorshift32: 32 bits of state are plenty for choosing among mutations. */
export function seeded(seed: number): Random {
  let state = seed | 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return {
    below: (below) => next() % below,
    pick: (values) => values[next() % values.length] as (typeof values)[number],
    chance: (share) => next() < share * 0x1_0000_0000,
  };
}
