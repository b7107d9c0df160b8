import type { Fields } from '../http2.ts';
import { type FieldName, fieldName } from './field-name.ts';
import { maxIntegerBytes, writeInteger } from './integer.ts';
import { staticEntries, staticFieldIndex } from './static-table.ts';
import { DynamicTable, fieldBytes, maxTableBytes } from './table.ts';
import { checkValue, writeValue } from './text.ts';

/** A list of fields that comes again and again. */
interface Constant {
  readonly names: readonly FieldName[];
  /** The most it may become. */
  readonly maxBytes: number;
  /** What it became, and the version of the table for which that is right. */
  block: Buffer;
  version: number;
  /** Nothing was left out of the table only because others had been put out of it a short time ago. */
  isFinal: boolean;
}

/** How a field begins (RFC 7541, section 6): the flags, and the bits that are left for an index. */
const indexed = { flags: 0x80, mask: 0x7f } as const;
const kept = { flags: 0x40, mask: 0x3f } as const;
const resize = { flags: 0x20, mask: 0x1f } as const;
const secret = { flags: 0x10, mask: 0x0f } as const;
const plain = { flags: 0x00, mask: 0x0f } as const;
type Form = typeof indexed | typeof kept | typeof secret | typeof plain;

const maxConstants = 512;
/** When more differs than the table holds, an entry is put out for another only that often: each change costs all constants. */
const writesBetweenEvictions = 256;
const maxPlaces = 256;
const maxFieldOverhead = 3 * maxIntegerBytes;
const maxResizeBytes = 2 * maxIntegerBytes;
const shortBytes = 32;
const none = Buffer.alloc(0);

/** Writes the fields of one direction of a connection (RFC 7541). What was written must be sent, in that order. */
export class HpackEncoder {
  readonly #table: DynamicTable = new DynamicTable();
  /** When a field, and a name, was last put into the table, as a count of insertions. */
  readonly #fieldPlaces = new Map<string, number>();
  readonly #namePlaces = new Map<string, number>();
  readonly #constants = new Map<Fields, Constant>();
  /** The smallest size of the table since the last block; undefined when the size has not changed. */
  #smallest: number | undefined;
  #writes = 0;
  #nextEviction = 0;

  /** The most bytes that `write` may need for the same. Throws as it does. */
  measure(constant: Fields, more: Fields | undefined): number {
    let bytes = maxResizeBytes + this.#constant(constant).maxBytes;
    if (more !== undefined) bytes += most(more);
    return bytes;
  }

  /**
   * Writes a block at `at` and returns its end. Throws a `TransportError` (`invalid`), and has changed nothing, when a name is no token in
   * lower case or a value has a line break or a character that is no byte.
   */
  write(target: Buffer, at: number, constant: Fields, more: Fields | undefined): number {
    const known = this.#constant(constant);
    this.#writes += 1;
    let end = at;
    if (this.#isReady(known)) end = copy(known.block, target, end);
    else {
      // What changes the table must be sent, so nothing may go wrong behind it.
      if (more !== undefined) checkFields(more);
      end = this.#writeResizes(target, end);
      end = this.#writeConstant(target, end, constant, known);
    }
    if (more !== undefined) {
      for (let index = 0; index < more.length; index += 2) {
        const name = fieldName(more[index] ?? '');
        end = this.#writeLiteral(target, end, name.isSecret ? secret : plain, name, more[index + 1] ?? '');
      }
    }
    return end;
  }

  /** The other side keeps so many bytes at most. We never ask it to keep more than 4,096. */
  limitTable(bytes: number): void {
    const limit = Math.min(bytes, maxTableBytes);
    if (limit === this.#table.limit) return;
    this.#smallest = Math.min(this.#smallest ?? limit, limit);
    this.#table.resize(limit);
    this.#constants.clear();
  }

  #constant(fields: Fields): Constant {
    return this.#constants.get(fields) ?? this.#learn(fields);
  }

  #learn(fields: Fields): Constant {
    checkFields(fields);
    const names = fields.filter((_, index) => index % 2 === 0).map(fieldName);
    const known: Constant = { names, maxBytes: most(fields), block: none, version: -1, isFinal: false };
    if (this.#constants.size === maxConstants) this.#constants.clear();
    this.#constants.set(fields, known);
    return known;
  }

  #isReady({ version, isFinal }: Constant): boolean {
    return (
      version === this.#table.version && (isFinal || this.#writes < this.#nextEviction) && this.#smallest === undefined
    );
  }

  #writeResizes(target: Buffer, at: number): number {
    const smallest = this.#smallest;
    if (smallest === undefined) return at;
    this.#smallest = undefined;
    const { limit } = this.#table;
    const end = smallest < limit ? writeInteger(target, at, resize.flags, resize.mask, smallest) : at;
    return writeInteger(target, end, resize.flags, resize.mask, limit);
  }

  #writeConstant(target: Buffer, at: number, fields: Fields, known: Constant): number {
    const table = this.#table;
    const { version, dropped } = table;
    const mayEvict = this.#writes >= this.#nextEviction;
    let end = at;
    known.isFinal = true;
    for (const [index, name] of known.names.entries()) {
      const value = fields[index * 2 + 1] ?? '';
      if (name.isSecret) {
        end = this.#writeLiteral(target, end, secret, name, value);
        continue;
      }
      const field = `${name.text}\n${value}`;
      const found = staticFieldIndex(field) || this.#index(this.#fieldPlaces.get(field));
      const bytes = fieldBytes(name.text, value);
      const isSmall = bytes <= table.limit / 2;
      if (found > 0) end = writeInteger(target, end, indexed.flags, indexed.mask, found);
      else if (isSmall && (mayEvict || table.fits(bytes))) {
        end = this.#writeLiteral(target, end, kept, name, value);
        this.#insert(name.text, value, field);
      } else {
        known.isFinal &&= !isSmall;
        end = this.#writeLiteral(target, end, plain, name, value);
      }
    }
    if (table.dropped !== dropped) this.#nextEviction = this.#writes + writesBetweenEvictions;
    // The same bytes say the same again only if they have not changed the table.
    known.version = table.version === version ? version : -1;
    if (known.version === version) known.block = Buffer.from(target.subarray(at, end));
    return end;
  }

  #writeLiteral(target: Buffer, at: number, form: Form, name: FieldName, value: string): number {
    const index = name.index || this.#index(this.#namePlaces.get(name.text));
    let end = writeInteger(target, at, form.flags, form.mask, index);
    if (index === 0) end = writeValue(target, end, name.text);
    return writeValue(target, end, value);
  }

  #insert(name: string, value: string, field: string): void {
    const { inserted } = this.#table;
    this.#table.insert(name, value);
    this.#fieldPlaces.set(field, inserted);
    this.#namePlaces.set(name, inserted);
    for (const places of [this.#fieldPlaces, this.#namePlaces]) {
      if (places.size < maxPlaces) continue;
      for (const [key, place] of places) if (place < this.#table.dropped) places.delete(key);
    }
  }

  /** The index of what was inserted then; 0 when it is gone. */
  #index(place: number | undefined): number {
    const { inserted, dropped } = this.#table;
    return place === undefined || place < dropped ? 0 : staticEntries + inserted - place;
  }
}

/** Throws a `TransportError` (`invalid`) when one of the fields can't be sent, as `write` does. */
export function checkFields(fields: Fields): void {
  for (let index = 0; index < fields.length; index += 2) {
    fieldName(fields[index] ?? '');
    checkValue(fields[index + 1] ?? '');
  }
}

/** The most bytes that these fields become. */
function most(fields: Fields): number {
  let bytes = 0;
  for (let index = 0; index < fields.length; index += 2) {
    bytes += (fields[index]?.length ?? 0) + (fields[index + 1]?.length ?? 0) + maxFieldOverhead;
  }
  return bytes;
}

function copy(block: Buffer, target: Buffer, at: number): number {
  const { length } = block;
  if (length > shortBytes) target.set(block, at);
  else for (let index = 0; index < length; index += 1) target[at + index] = block[index] ?? 0;
  return at + length;
}
