interface Numbered {
  readonly id: number;
}

const slotCount = 1024;

/**
 * Streams by id. Ids grow by two, so that a ring holds nearly all: a `Map` through which every call passes leaves a chain of old tables
 * to the collector. Who outlives so many others moves aside.
 */
export class StreamTable<T extends Numbered> {
  readonly #slots: (T | undefined)[] = Array.from({ length: slotCount }, () => undefined);
  readonly #aside = new Map<number, T>();
  size = 0;

  add(stream: T): void {
    const at = slotOf(stream.id);
    const older = this.#slots[at];
    if (older !== undefined) this.#aside.set(older.id, older);
    this.#slots[at] = stream;
    this.size += 1;
  }

  get(id: number): T | undefined {
    const stream = this.#slots[slotOf(id)];
    return stream?.id === id ? stream : this.#aside.get(id);
  }

  remove(id: number): void {
    const at = slotOf(id);
    if (this.#slots[at]?.id === id) this.#slots[at] = undefined;
    else if (!this.#aside.delete(id)) return;
    this.size -= 1;
  }

  all(): T[] {
    return [...this.#aside.values(), ...this.#slots.filter((stream) => stream !== undefined)];
  }
}

const slotOf = (id: number): number => (id >>> 1) & (slotCount - 1);
