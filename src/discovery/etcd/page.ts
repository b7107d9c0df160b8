import type { Entry } from './values.ts';

/** One page of a list. */
export interface Page {
  /** Of etcd, when it answered. */
  readonly revision: string;
  readonly count: number;
  /** In bytes. */
  readonly size: number;
  /** Undefined when it is empty. */
  readonly lastKey: Buffer | undefined;
  /** There are further keys behind the last one. */
  readonly more: boolean;
  /** One after the other: the entry is the same object each time. */
  forEach(use: (entry: Entry) => void): void;
}

/** The numbers of fields in etcd's protocol, each with the kind of its value in the last three bits. */
const tags = {
  page: { header: (1 << 3) | 2, pair: (2 << 3) | 2, more: 3 << 3 },
  header: { revision: 3 << 3 },
  pair: { key: (1 << 3) | 2, value: (5 << 3) | 2 },
} as const;

/**
 * Reads etcd's answer to a range request. By hand, and only what a list needs: the library makes objects of every number of every key,
 * which for ten thousands of keys takes longer than all the rest. Throws a `RangeError` for what is no such answer.
 */
export function readPage(bytes: Buffer): Page {
  const reader = new Reader(bytes);
  let revision = '0';
  let more = false;
  let last: number | undefined;
  let count = 0;
  while (reader.at < bytes.length) {
    const tag = reader.number();
    if (tag === tags.page.pair) {
      last = reader.at;
      count += 1;
      reader.skip(tag);
    } else if (tag === tags.page.header) revision = readRevision(reader);
    else if (tag === tags.page.more) more = reader.number() !== 0;
    else reader.skip(tag);
  }
  return {
    revision,
    count,
    size: bytes.length,
    lastKey: last === undefined ? undefined : new Pair(bytes).at(last).key(),
    more,
    forEach(use) {
      const reader = new Reader(bytes);
      const pair = new Pair(bytes);
      while (reader.at < bytes.length) {
        const tag = reader.number();
        if (tag === tags.page.pair) use(pair.at(reader.at));
        reader.skip(tag);
      }
    },
  };
}

function readRevision(reader: Reader): string {
  const end = reader.end();
  let revision = 0;
  while (reader.at < end) {
    const tag = reader.number();
    if (tag === tags.header.revision) revision = reader.number();
    else reader.skip(tag);
  }
  return String(revision);
}

/** One key and its value, wherever it was moved to. */
class Pair implements Entry {
  start = 0;
  end = 0;
  readonly bytes: Buffer;
  readonly #reader: Reader;
  #keyStart = 0;
  #keyEnd = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.#reader = new Reader(bytes);
  }

  key(): Buffer {
    return this.bytes.subarray(this.#keyStart, this.#keyEnd);
  }

  at(position: number): this {
    const reader = this.#reader;
    reader.at = position;
    this.start = this.end = this.#keyStart = this.#keyEnd = 0;
    for (const end = reader.end(); reader.at < end; ) {
      const tag = reader.number();
      if (tag === tags.pair.key) {
        this.#keyEnd = reader.end();
        this.#keyStart = reader.at;
        reader.at = this.#keyEnd;
      } else if (tag === tags.pair.value) {
        this.end = reader.end();
        this.start = reader.at;
        reader.at = this.end;
      } else reader.skip(tag);
    }
    return this;
  }
}

/** Walks through a message of Protocol Buffers. */
class Reader {
  at = 0;
  readonly #all: Buffer;

  constructor(all: Buffer) {
    this.#all = all;
  }

  /** Exact up to 2^53: of larger ones (ids that nobody reads) only the length counts. */
  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#all[this.at];
      if (byte === undefined) throw new RangeError('the answer of etcd is cut off');
      this.at += 1;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  /** Where the message or the bytes end that begin here. */
  end(): number {
    const length = this.number();
    const end = this.at + length;
    if (end > this.#all.length) throw new RangeError('the answer of etcd is cut off');
    return end;
  }

  skip(tag: number): void {
    const kind = tag & 7;
    if (kind === 0) this.number();
    else if (kind === 1) this.at += 8;
    else if (kind === 2) this.at = this.end();
    else if (kind === 5) this.at += 4;
    else throw new RangeError('the answer of etcd is none');
  }
}
