import type { Type } from 'protobufjs';
import type { Schema } from '../schema.ts';
import { readMessage } from './proto-read.ts';
import { shapeOf } from './proto-shape.ts';
import { writeMessage } from './proto-write.ts';

/**
 * The schema of a protobuf type. Values are plain objects under the type's own field names: 64-bit numbers are decimal strings, enums
 * their names, bytes `Buffer`s, absent fields their defaults (`null` for a message). What is written may also have numbers or bigints
 * for 64-bit, numbers for enums, base64 for bytes; a value that fits its field in no way is an `Error` that names the field.
 */
export function protobufSchema(type: Type): Schema<Record<string, unknown>> {
  const toMessage = (value: unknown) => type.fromObject(readMessage(type, value ?? {}));
  const toValue = (message: ReturnType<typeof toMessage>): Record<string, unknown> =>
    type.toObject(message, { longs: String, enums: String, defaults: true });
  return {
    value: shapeOf(type),
    protobuf: {
      encode: (value) => type.encode(toMessage(value)).finish(),
      decode: (bytes) => toValue(type.decode(bytes)),
    },
    json: {
      write: (value) =>
        writeMessage(
          type,
          type.toObject(toMessage(value), { longs: String, enums: String, bytes: String, json: true }),
        ),
      read: (json) => toValue(toMessage(json)),
    },
  };
}
