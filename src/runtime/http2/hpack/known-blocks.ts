/** Blocks up to this length are looked up. */
export const maxKnownBytes = 128;

const places = 64;

interface Known<T> {
  readonly block: Buffer;
  /** Of the table, when the block meant this. */
  readonly version: number;
  readonly value: T;
}

/**
 * Blocks that came before and what they meant: the heads of one peer are alike. A block has one place, which the last one to come has.
 * It is kept when it comes a second time, so that blocks which come once don't cost a copy.
 */
export class KnownBlocks<T> {
  readonly #known: (Known<T> | undefined)[] = Array.from({ length: places }, () => undefined);
  readonly #seen = new Int32Array(places);

  /** What the block means while the table has this version; undefined when that is not known. */
  find(block: Buffer, hash: number, version: number): T | undefined {
    const known = this.#known[hash & (places - 1)];
    return known !== undefined && known.version === version && isEqual(known.block, block) ? known.value : undefined;
  }

  /** Keeps what a block means. It must not have changed the table. */
  add(block: Buffer, hash: number, version: number, value: T): void {
    const place = hash & (places - 1);
    if (this.#seen[place] === hash) this.#known[place] = { block: Buffer.from(block), version, value };
    else this.#seen[place] = hash;
  }
}

/** A number for a block; blocks that differ may share it. */
export function hashOf(block: Buffer): number {
  let hash = block.length;
  for (let at = 0; at < block.length; at += 1) hash = (Math.imul(hash, 31) + (block[at] ?? 0)) | 0;
  return hash ^ (hash >>> 15);
}

function isEqual(one: Buffer, other: Buffer): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}
