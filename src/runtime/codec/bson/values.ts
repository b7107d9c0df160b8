import { isUtf8 } from 'node:buffer';
import type * as Bson from 'bson';
import type { Value } from '../../../discovery/registry.ts';
import { elementOf, fieldOf, isFloat, longInteger, plainInteger } from '../plain.ts';

/** Under this name Go's reader and writer put a message that is no document. */
const bare = '_Val_';

/** Both ways between our values and the bytes of one document. */
export interface BsonValues {
  write(value: unknown, shape: Value | undefined): Uint8Array;
  read(bytes: Buffer, shape: Value | undefined): unknown;
}

export function bsonValues(bson: typeof Bson): BsonValues {
  return {
    write(value, shape) {
      const document = asDocument(toBson(value ?? {}, shape));
      const options = { ignoreUndefined: true };
      // The package writes into a buffer that does not grow by itself, and does not say when it is full.
      bson.setInternalBufferSize(bson.calculateObjectSize(document, options));
      return bson.serialize(document, options);
    },

    read(bytes, shape) {
      const document = bson.deserialize(bytes, { useBigInt64: true, bsonRegExp: true });
      const isBare = Object.hasOwn(document, bare) && Object.keys(document).length === 1;
      return fromBson(isBare ? document[bare] : document, shape);
    },
  };

  function asDocument(value: unknown): Bson.Document {
    if (Array.isArray(value)) return Object.fromEntries(value.entries());
    return isMap(value) ? value : { [bare]: value };
  }

  function toBson(value: unknown, shape: Value | undefined): unknown {
    if (typeof value === 'number') return toNumber(value, shape);
    const integer = longInteger(value, shape);
    if (integer !== undefined) return bson.Long.fromBigInt(BigInt.asIntN(64, integer));
    if (Array.isArray(value)) return value.map((item: unknown) => toBson(item, elementOf(shape)));
    if (!isMap(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toBson(item, fieldOf(shape, name))]));
  }

  function toNumber(value: number, shape: Value | undefined): unknown {
    if (isFloat(shape)) return new bson.Double(value);
    return Number.isSafeInteger(value) && Math.abs(value) > 0x7fff_ffff ? bson.Long.fromBigInt(BigInt(value)) : value;
  }

  function fromBson(value: unknown, shape: Value | undefined): unknown {
    if (typeof value === 'bigint') return plainInteger(shape?.type === 'uint64' ? BigInt.asUintN(64, value) : value);
    if (typeof value === 'string' && shape?.type === '[]uint8') return Buffer.from(value);
    if (value instanceof bson.Binary) return fromBinary(value, shape);
    if (value instanceof bson.ObjectId || value instanceof bson.Decimal128) return value.toString();
    if (value instanceof bson.BSONValue) throw new Error(`bson: a message has no values like ${value.inspect()}`);
    if (Array.isArray(value)) return value.map((item: unknown) => fromBson(item, elementOf(shape)));
    if (!isMap(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, fromBson(item, fieldOf(shape, name))]),
    );
  }
}

function fromBinary({ buffer, position, sub_type: kind }: Bson.Binary, shape: Value | undefined): unknown {
  const bytes = Buffer.from(buffer.buffer, buffer.byteOffset, position);
  const isText = shape?.type === 'string' || (shape?.type !== '[]uint8' && kind === 0 && isUtf8(bytes));
  return isText ? bytes.toString() : bytes;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !(value instanceof Date) && !(value instanceof Uint8Array);
}
