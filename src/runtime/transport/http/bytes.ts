const nothing: Buffer = Buffer.alloc(0);

/** Joins pieces of a message. Grows by doubling, so that many small pieces cost no more than few large ones. */
export class Bytes {
  #buffer: Buffer = nothing;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Copies `source[from, to)`. `expected` is the final length as far as it is known. */
  append(source: Buffer, from: number, to: number, expected = 0): void {
    const needed = this.#length + to - from;
    if (needed > this.#buffer.length) this.#grow(needed, expected);
    source.copy(this.#buffer, this.#length, from, to);
    this.#length = needed;
  }

  indexOf(text: string, from: number): number {
    const at = this.#buffer.indexOf(text, from, 'latin1');
    return at + text.length <= this.#length ? at : -1;
  }

  /** Whether a line feed at `from` or later follows anything but a carriage return. */
  hasBareLineFeed(from: number): boolean {
    for (
      let at = this.#buffer.indexOf(10, from);
      at !== -1 && at < this.#length;
      at = this.#buffer.indexOf(10, at + 1)
    ) {
      if (at === 0 || this.#buffer[at - 1] !== 13) return true;
    }
    return false;
  }

  /** What was joined; afterwards this is empty. */
  take(): Buffer {
    const all = this.#buffer.subarray(0, this.#length);
    this.#buffer = nothing;
    this.#length = 0;
    return all;
  }

  #grow(needed: number, expected: number): void {
    // A length that was only announced is not trusted with memory: at most 1 MiB in advance.
    const capacity = Math.max(needed, Math.min(expected, 1024 * 1024), this.#buffer.length * 2);
    const larger = Buffer.allocUnsafeSlow(expected >= needed ? Math.min(capacity, expected) : capacity);
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
