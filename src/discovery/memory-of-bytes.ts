/** Bytes that were there last, and what they mean. Its own copy: the original would keep the whole answer of a registry alive. */
export class Memory<T> {
  /** What the bytes mean; undefined when that is not known, and no bytes are the same then. */
  meaning: T | undefined;
  /** In bytes. */
  length = 0;
  #bytes: Buffer = Buffer.alloc(0);

  /** Whether exactly these bytes are there. */
  isAt(all: Buffer, start: number, end: number): boolean {
    return (
      this.meaning !== undefined &&
      end - start === this.length &&
      this.#bytes.compare(all, start, end, 0, this.length) === 0
    );
  }

  set(all: Buffer, start: number, end: number, meaning: T | undefined): void {
    this.meaning = meaning;
    this.length = meaning === undefined ? 0 : end - start;
    if (this.length > this.#bytes.length) this.#bytes = Buffer.alloc(this.length * 2);
    if (this.length > 0) all.copy(this.#bytes, 0, start, end);
  }
}
