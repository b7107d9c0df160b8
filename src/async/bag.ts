/** One value's place in a bag. */
export interface Place<T> {
  readonly value: T;
}

/**
 * Values that come and go all the time, in no order. A `Set` would do, but each of its many rehashes leaves a table that points to the
 * next one, and the collector then carries all of them along: half of the time went there when every message passed through one.
 */
export interface Bag<T> {
  readonly size: number;
  add(value: T): Place<T>;
  /** False when it was out already. */
  remove(place: Place<T>): boolean;
  /** What is in it now. */
  places(): readonly Place<T>[];
}

interface Slot<T> extends Place<T> {
  index: number;
}

export function createBag<T>(): Bag<T> {
  const slots: Slot<T>[] = [];
  return {
    get size() {
      return slots.length;
    },
    add(value) {
      const slot: Slot<T> = { value, index: slots.length };
      slots.push(slot);
      return slot;
    },
    remove(place) {
      const slot = place as Slot<T>;
      if (slots[slot.index] !== slot) return false;
      const last = slots.pop();
      if (last !== undefined && last !== slot) {
        slots[slot.index] = last;
        last.index = slot.index;
      }
      return true;
    },
    places: () => slots.slice(),
  };
}
