/** How often each outcome was seen, and what should not have been. */
export class Tally {
  readonly #counts = new Map<string, number>();
  readonly faults: string[] = [];

  add(outcome: string, count = 1): void {
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + count);
  }

  /** Remembers the first hundred. */
  fault(sentence: string): void {
    this.add('FAULT');
    if (this.faults.length < 100) this.faults.push(sentence);
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}

/** `work` for each value, `atOnce` at a time. Rejects with the first error. */
export async function each<T>(values: Iterable<T>, atOnce: number, work: (value: T) => Promise<void>): Promise<void> {
  const iterator = values[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = iterator.next(); next.done !== true; next = iterator.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
