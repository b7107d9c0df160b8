import type { Resource } from './resource.ts';
import { Sequence, type Spot } from './sequence.ts';
import type { Waiter } from './turns.ts';

/** A job by its age. */
export interface Aged {
  /** The smaller, the older. */
  readonly number: number;
}

/**
 * Jobs of one person of which only the first can be next: they need the same, or have a lock in common, which keeps them in order. What is done about
 * all of them is done about the first.
 */
export class Chain<T extends Aged> implements Waiter {
  readonly key: string;
  readonly person: string;
  readonly #entries: Sequence<T> = new Sequence();
  /** Whose places it waits for. */
  at: Resource<Chain<T>> | undefined = undefined;

  constructor(key: string, person: string) {
    this.key = key;
    this.person = person;
  }

  get size(): number {
    return this.#entries.size;
  }

  get first(): T | undefined {
    return this.#entries.first;
  }

  get age(): number {
    return this.#entries.first?.number ?? Number.POSITIVE_INFINITY;
  }

  add(entry: T): Spot<T> {
    return this.#entries.add(entry);
  }

  remove(spot: Spot<T>): void {
    this.#entries.remove(spot);
  }

  countOlder(age: number): number {
    let count = 0;
    for (const { number } of this.#entries) {
      if (number >= age) return count;
      count += 1;
    }
    return count;
  }
}
