import type { Schema } from '../schema.ts';
import type { Codec } from './codec.ts';

/** The bare bytes of a message; an empty message is no bytes at all. */
export const protobufCodec: Codec = {
  name: 'protobuf',
  contentType: 'application/protobuf',
  encode: (value, schema) => protobufOf(schema).encode(value ?? {}),
  decode: (body, schema) => protobufOf(schema).decode(body),
};

function protobufOf(schema: Schema | undefined): NonNullable<Schema['protobuf']> {
  if (schema?.protobuf !== undefined) return schema.protobuf;
  const name = schema === undefined ? 'the message' : schema.value.type;
  throw new Error(`proto: no protobuf type is known for ${name}: use application/json, or give a protobuf schema`);
}
