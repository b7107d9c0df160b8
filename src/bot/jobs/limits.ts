/** How many jobs may run at the same time, and how many may wait for that. Each at least 1. */
export interface Limits {
  /** Of one person. Default 10. */
  readonly person: number;
  /** In one room. Default 200: what hangs there should not hold up the others. */
  readonly room: number;
  /** On one service. Default 50. */
  readonly service: number;
  /** In all. Default 1,000. */
  readonly all: number;
  /** Of one person, of those without an end, which take none of the places above. Default 5. */
  readonly endless: number;
  /** Of those without an end, in all. Default 500. */
  readonly allEndless: number;
  /** Of one person, waiting. Default 100. */
  readonly waiting: number;
  /** Waiting in all. Default 10,000. */
  readonly allWaiting: number;
}

const usual: Limits = {
  person: 10,
  room: 200,
  service: 50,
  all: 1_000,
  endless: 5,
  allEndless: 500,
  waiting: 100,
  allWaiting: 10_000,
};

/** Throws an `Error` for a limit that would let nothing through. */
export function limitsOf(given: Partial<Limits> = {}): Limits {
  const limits: Limits = { ...usual, ...given };
  for (const [name, value] of Object.entries(limits)) {
    if (!(value >= 1)) throw new Error(`a limit "${name}" of ${value} jobs lets nothing through`);
  }
  return limits;
}
