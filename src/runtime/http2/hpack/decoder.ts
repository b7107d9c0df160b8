import { HpackError } from './hpack-error.ts';
import { huffmanBytes, readHuffman } from './huffman.ts';
import { hashOf, KnownBlocks, maxKnownBytes } from './known-blocks.ts';
import { readName } from './known-names.ts';
import { staticEntries, staticNames, staticValues } from './static-table.ts';
import { DynamicTable, fieldBytes, maxTableBytes } from './table.ts';

export { HpackError } from './hpack-error.ts';

export interface HpackLimits {
  /** All fields of a block together, in bytes, each counted with 32 more. */
  readonly maxHeadBytes: number;
  readonly maxFields: number;
}

const highBit = 0x80;
const maxInteger: number = 2 ** 31 - 1;
const maxShift = 28;

const empty = Buffer.alloc(0);
/** For strings in Huffman's code, as long as they are no longer than nearly all. */
const scratch = Buffer.allocUnsafeSlow(4096);

/** Reads the fields of one direction of a connection (RFC 7541). Blocks must come complete and in order. */
export class HpackDecoder<T> {
  readonly #build: (fields: string[], isTooLarge: boolean) => T;
  readonly #limits: HpackLimits;
  readonly #table: DynamicTable = new DynamicTable();
  readonly #known = new KnownBlocks<T>();
  #block: Buffer = empty;
  #at = 0;

  /**
   * `build` makes of names and values, in turn, what `decode` returns, and may be asked once for blocks that are equal. `isTooLarge`: there
   * were more than the limits allow, and the rest was left out.
   */
  constructor(build: (fields: string[], isTooLarge: boolean) => T, limits: HpackLimits) {
    this.#build = build;
    this.#limits = limits;
  }

  /** Reads one block. Throws an `HpackError`; the connection must end then. */
  decode(block: Buffer): T {
    const { version } = this.#table;
    if (block.length > maxKnownBytes) return this.#read(block).value;
    const hash = hashOf(block);
    const known = this.#known.find(block, hash, version);
    if (known !== undefined) return known;
    const { value, isSecret } = this.#read(block);
    if (!isSecret && this.#table.version === version) this.#known.add(block, hash, version, value);
    return value;
  }

  #read(block: Buffer): { readonly value: T; readonly isSecret: boolean } {
    this.#block = block;
    this.#at = 0;
    this.#readResizes();
    const { maxHeadBytes, maxFields } = this.#limits;
    const fields: string[] = [];
    let bytes = 0;
    let isTooLarge = false;
    let isSecret = false;
    while (this.#at < block.length) {
      const first = block[this.#at] ?? 0;
      let name: string;
      let value: string;
      if (first >= 0x80) {
        const index = this.#readInteger(0x7f);
        name = this.#name(index);
        value = index > staticEntries ? this.#table.value(index - staticEntries - 1) : (staticValues[index] ?? '');
      } else {
        if (first >= 0x20 && first < 0x40) throw new HpackError('a new size of the table behind a field');
        const isKept = first >= 0x40;
        isSecret ||= !isKept && first >= 0x10;
        const index = this.#readInteger(isKept ? 0x3f : 0x0f);
        name = index === 0 ? this.#readString(true) : this.#name(index);
        value = this.#readString(false);
        if (isKept) this.#table.insert(name, value);
      }
      if (isTooLarge) continue;
      bytes += fieldBytes(name, value);
      isTooLarge = bytes > maxHeadBytes || fields.length >= 2 * maxFields;
      if (!isTooLarge) fields.push(name, value);
    }
    this.#block = empty;
    return { value: this.#build(fields, isTooLarge), isSecret };
  }

  #readResizes(): void {
    let first = this.#block[0] ?? 0;
    while (first >= 0x20 && first < 0x40) {
      const limit = this.#readInteger(0x1f);
      if (limit > maxTableBytes) throw new HpackError(`a table of ${limit} bytes`);
      this.#table.resize(limit);
      first = this.#block[this.#at] ?? 0;
    }
  }

  #name(index: number): string {
    if (index > staticEntries + this.#table.length || index === 0)
      throw new HpackError(`no entry has the index ${index}`);
    return index > staticEntries ? this.#table.name(index - staticEntries - 1) : (staticNames[index] ?? '');
  }

  /** Reads an integer that begins in the bits of `mask`. */
  #readInteger(mask: number): number {
    const block = this.#block;
    let at = this.#at;
    let value = (block[at++] ?? 0) & mask;
    if (value === mask) {
      let byte = highBit;
      for (let shift = 0; byte >= highBit; shift += 7) {
        if (at >= block.length) throw new HpackError('it ends within an integer');
        byte = block[at++] ?? 0;
        value += (byte & 0x7f) * 2 ** shift;
        if (shift > maxShift || value > maxInteger) throw new HpackError('an integer is too large');
      }
    }
    this.#at = at;
    return value;
  }

  #readString(isName: boolean): string {
    const block = this.#block;
    if (this.#at >= block.length) throw new HpackError('it ends before a string');
    const isHuffman = (block[this.#at] ?? 0) >= highBit;
    const length = this.#readInteger(0x7f);
    const from = this.#at;
    const to = from + length;
    if (to > block.length) throw new HpackError('it ends within a string');
    this.#at = to;
    if (!isHuffman) return isName ? readName(block, from, to) : block.toString('latin1', from, to);
    const room = huffmanBytes(length);
    const target = room > scratch.length ? Buffer.allocUnsafeSlow(room) : scratch;
    const end = readHuffman(block, from, to, target);
    return isName ? readName(target, 0, end) : target.toString('latin1', 0, end);
  }
}
