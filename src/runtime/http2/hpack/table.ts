/** What a side may keep until it says otherwise, in bytes. Ours never keep more. */
export const maxTableBytes = 4096;

/** What an entry counts beyond its name and value. */
const entryBytes = 32;

export const fieldBytes = (name: string, value: string): number => name.length + value.length + entryBytes;

/** A power of two, and room for the smallest entries there are. */
const places: number = maxTableBytes / entryBytes;
const mask: number = places - 1;

/**
 * The table of fields that one side has sent and both remember (RFC 7541, section 2.3.2): a ring. The newest entry is number 0, the
 * oldest goes when there is no room.
 */
export class DynamicTable {
  readonly #names: string[] = Array.from({ length: places }, () => '');
  readonly #values: string[] = Array.from({ length: places }, () => '');
  #inserted = 0;
  #dropped = 0;
  #resized = 0;
  #bytes = 0;
  #limit: number = maxTableBytes;

  /** Changes with every change of the entries or the limit, and never comes back. */
  get version(): number {
    return this.#inserted + this.#dropped + this.#resized;
  }

  /** Entries there have ever been. */
  get inserted(): number {
    return this.#inserted;
  }

  /** Entries that are gone. */
  get dropped(): number {
    return this.#dropped;
  }

  get length(): number {
    return this.#inserted - this.#dropped;
  }

  get limit(): number {
    return this.#limit;
  }

  /** There is room for so many bytes, and nothing goes for it. */
  fits(bytes: number): boolean {
    return this.#bytes + bytes <= this.#limit;
  }

  /** `back` 0 is the newest. It must be less than `length`. */
  name(back: number): string {
    return this.#names[(this.#inserted - 1 - back) & mask] ?? '';
  }

  value(back: number): string {
    return this.#values[(this.#inserted - 1 - back) & mask] ?? '';
  }

  /** Adds an entry; one that is larger than the table empties it and is not kept. */
  insert(name: string, value: string): void {
    const bytes = fieldBytes(name, value);
    this.#shrink(this.#limit - bytes);
    if (bytes > this.#limit) return;
    const place = this.#inserted & mask;
    this.#names[place] = name;
    this.#values[place] = value;
    this.#inserted += 1;
    this.#bytes += bytes;
  }

  /** Takes so many bytes at most, from now on. Not more than `maxTableBytes`. */
  resize(limit: number): void {
    if (limit !== this.#limit) this.#resized += 1;
    this.#limit = limit;
    this.#shrink(limit);
  }

  #shrink(bytes: number): void {
    while (this.#bytes > bytes && this.length > 0) {
      const place = this.#dropped & mask;
      this.#bytes -= fieldBytes(this.#names[place] ?? '', this.#values[place] ?? '');
      this.#names[place] = '';
      this.#values[place] = '';
      this.#dropped += 1;
    }
  }
}
