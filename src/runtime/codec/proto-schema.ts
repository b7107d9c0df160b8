import type { Type } from 'protobufjs';
import type { Schema } from '../schema.ts';
import type { Fields } from './message-form.ts';
import { located } from './misfit.ts';
import { formOf } from './proto-form.ts';
import { readMessage } from './proto-read.ts';
import { shapeOf } from './proto-shape.ts';
import { valueOf } from './proto-value.ts';
import { writeMessage } from './proto-write.ts';

/**
 * The schema of a protobuf type. Values are plain objects under the type's own field names: 64-bit numbers are decimal strings, enums
 * their names, bytes `Buffer`s, absent fields their defaults (`null` for a message). What is written may also have numbers or bigints
 * for 64-bit, numbers for enums, base64 for bytes, a `Date` for a Timestamp, JSON for a Struct; a value that fits its field in no way is
 * an `Error` that names the field.
 */
export function protobufSchema(type: Type): Schema<Record<string, unknown>> {
  const form = formOf(type);
  const read = (value: unknown): Fields => located(type.name, () => readMessage(form, value ?? {}));
  return {
    value: shapeOf(type),
    protobuf: {
      encode: (value) => type.encode(read(value)).finish(),
      decode: (bytes) => type.toObject(type.decode(bytes), { longs: String, enums: String, defaults: true }),
    },
    json: {
      write: (value) => located(type.name, () => writeMessage(form, read(value))),
      read: (json) => valueOf(form, read(json)),
    },
  };
}
