/** Twice as many as there may be calls: most numbers find a place at once. A power of two. */
const places = 1024;

/** Something that waits under a number. */
export interface Numbered {
  /** A number in decimal digits, as it went over the wire. */
  readonly id: string;
}

/** Gives a number that it never gave before, in decimal digits. */
export interface Numbers {
  nextId(): string;
}

/**
 * What waits on one connection, by number. A map would do, but each of its many rehashes leaves a table behind that holds what waited
 * then, and the collector carries that along: it took a quarter of the time.
 */
export class Waiting<T extends Numbered> {
  readonly #slots: (T | undefined)[] = Array.from({ length: places });
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The first of `numbers` that is free. At most half of the places may be taken. */
  free(numbers: Numbers): string {
    for (;;) {
      const id = numbers.nextId();
      if (this.#slots[slotOf(id)] === undefined) return id;
    }
  }

  add(one: T): void {
    this.#slots[slotOf(one.id)] = one;
    this.#size += 1;
  }

  /** What waits under this id, which may be any text. */
  get(id: string): T | undefined {
    const found = this.#slots[slotOf(id)];
    return found?.id === id ? found : undefined;
  }

  /** What `get` found waits no more. */
  remove(one: T): void {
    this.#slots[slotOf(one.id)] = undefined;
    this.#size -= 1;
  }

  takeAll(): readonly T[] {
    const all = this.#slots.filter((one) => one !== undefined);
    this.#slots.fill(undefined);
    this.#size = 0;
    return all;
  }
}

const slotOf = (id: string): number => Number(id) & (places - 1);
