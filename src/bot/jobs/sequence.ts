/** One value's place in a sequence. */
export interface Spot<T> {
  readonly value: T;
}

interface Linked<T> extends Spot<T> {
  before: Linked<T> | undefined;
  after: Linked<T> | undefined;
  isIn: boolean;
}

/** Values in the order they came. Whoever is in the middle leaves as cheaply as the first. */
export class Sequence<T> implements Iterable<T> {
  #first: Linked<T> | undefined;
  #last: Linked<T> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): T | undefined {
    return this.#first?.value;
  }

  /** Adds it as the last. */
  add(value: T): Spot<T> {
    const linked: Linked<T> = { value, before: this.#last, after: undefined, isIn: true };
    if (this.#last === undefined) this.#first = linked;
    else this.#last.after = linked;
    this.#last = linked;
    this.#size += 1;
    return linked;
  }

  /** Takes it out. Does nothing when it was out already. */
  remove(spot: Spot<T>): void {
    const linked = spot as Linked<T>;
    if (!linked.isIn) return;
    linked.isIn = false;
    const { before, after } = linked;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    this.#size -= 1;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let linked = this.#first; linked !== undefined; linked = linked.after) yield linked.value;
  }
}
