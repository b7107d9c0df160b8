import type { Schema } from '../schema.ts';
import type { Body } from '../transport/transport.ts';

/** Writes and reads message bodies of one content type. Both throw an `Error` whose message can be shown to the other side. */
export interface Codec {
  readonly name: string;
  readonly contentType: string;
  encode(value: unknown, schema: Schema | undefined): Body;
  decode(body: Buffer, schema: Schema | undefined): unknown;
}

/** By content type, compared as an exact string as go-micro does. */
export type Codecs = ReadonlyMap<string, Codec>;
