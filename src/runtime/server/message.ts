import type { Schema } from '../schema.ts';

type Kind = 'string' | 'uint64';

/**
 * The schema of a flat protobuf message with fields numbered from 1 as they are listed. Written by hand so that a server answers
 * its Debug calls without loading a protobuf library. Numbers above 2⁵³ lose digits.
 */
export function messageSchema(name: string, fields: readonly (readonly [name: string, kind: Kind])[]): Schema {
  const values = fields.map(([field, type]) => ({ name: field, type, values: [] }));
  return {
    value: { name, type: name, values },
    protobuf: {
      encode(value) {
        const bytes: number[] = [];
        fields.forEach(([field, kind], index) =>
          writeField(bytes, index + 1, kind, (value as Fields | undefined)?.[field]),
        );
        return Uint8Array.from(bytes);
      },
      decode: (bytes) => decode(bytes, fields),
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;

function writeField(bytes: number[], number: number, kind: Kind, value: unknown): void {
  switch (kind) {
    case 'string': {
      if (typeof value !== 'string' || value === '') return;
      const text = Buffer.from(value);
      bytes.push((number << 3) | 2);
      writeVarint(bytes, text.length);
      bytes.push(...text);
      return;
    }
    case 'uint64':
      if (typeof value !== 'number' || value <= 0) return;
      bytes.push(number << 3);
      writeVarint(bytes, Math.floor(value));
      return;
    default:
      kind satisfies never;
  }
}

function writeVarint(bytes: number[], value: number): void {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
}

function decode(bytes: Uint8Array, fields: readonly (readonly [string, Kind])[]): Fields {
  const value: Record<string, unknown> = {};
  for (const [name, kind] of fields) value[name] = kind === 'string' ? '' : 0;
  const reader = new Reader(bytes);
  while (reader.left > 0) {
    const tag = reader.varint();
    const name = fields[Math.floor(tag / 8) - 1]?.[0];
    const read = reader.value(tag % 8);
    if (name !== undefined && typeof read === typeof value[name]) value[name] = read;
  }
  return value;
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; factor <= 128 ** 9; factor *= 128) {
      const [byte = 0] = this.#take(1);
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    throw new Error('protobuf: a number is longer than 10 bytes');
  }

  /** The value of a field by its wire type; unknown fields are read too, so that what follows them is found. */
  value(wireType: number): string | number | Uint8Array {
    if (wireType === 0) return this.varint();
    if (wireType === 1) return this.#take(8);
    if (wireType === 2) return Buffer.from(this.#take(this.varint())).toString();
    if (wireType === 5) return this.#take(4);
    throw new Error(`protobuf: unknown wire type ${wireType}`);
  }

  #take(length: number): Uint8Array {
    if (length > this.left) throw new Error('unexpected EOF');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
