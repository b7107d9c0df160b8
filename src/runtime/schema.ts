import type { Value } from '../discovery/registry.ts';

/**
 * What a message looks like: its shape for the registry, and, for codecs that need more than JSON values, how it is written and read.
 * Made by hand (`shape`), or from a protobuf type (`protobufSchema` and `loadProto` in `codec/`).
 */
export interface Schema<T = unknown> {
  readonly value: Value;
  /** Protobuf bytes. */
  readonly protobuf?: {
    encode(value: T): Uint8Array;
    decode(bytes: Uint8Array): T;
  };
  /** The JSON dialect of the message: 64-bit numbers as strings, bytes as base64, either spelling of names accepted. */
  readonly json?: {
    write(value: T): unknown;
    read(json: unknown): T;
  };
}

/** A message of named fields: `shape('Request', { name: 'string' })`. A nested message is a shape of its own. */
export function shape(
  name: string,
  fields: Readonly<Record<string, string | Schema>>,
): Schema<Record<string, unknown>> {
  const values = Object.entries(fields).map(([field, type]) =>
    typeof type === 'string' ? { name: field, type, values: [] } : { ...type.value, name: field },
  );
  return { value: { name, type: name, values } };
}
