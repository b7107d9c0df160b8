import type { Schema } from '../schema.ts';
import type { Body } from '../transport/transport.ts';

/** Writes and reads message bodies of one content type. What it throws is an `Error` whose message can be shown to the other side. */
export interface Codec {
  readonly name: string;
  readonly contentType: string;
  /** The bare message: what an event carries, and, without an envelope, requests and answers too. */
  encode(value: unknown, schema: Schema | undefined): Body;
  decode(body: Buffer, schema: Schema | undefined): unknown;
  /** How requests and answers are wrapped, when their bodies say themselves what they are. */
  readonly envelope?: Envelope;
}

/** A body that names its endpoint and its id, as json-rpc and proto-rpc bodies do. */
export interface Envelope {
  writeRequest(head: EnvelopeHead, value: unknown, schema: Schema | undefined): Body;
  /** The message inside is decoded later: its schema is known once the endpoint is. */
  readRequest(body: Buffer): EnvelopedRequest;
  writeAnswer(head: EnvelopeHead, value: unknown, schema: Schema | undefined): Body;
  /** `error` is the text that also goes into the header `Micro-Error`. */
  writeError(head: EnvelopeHead, error: string): Body;
  /** Throws `MicroError.parse(text)` when the envelope carries an error. */
  readAnswer(body: Buffer, schema: Schema | undefined): unknown;
}

/** `id` is the Micro-Id, empty when there is none. */
export interface EnvelopeHead {
  readonly id: string;
  readonly endpoint: string;
}

export interface EnvelopedRequest extends EnvelopeHead {
  decode(schema: Schema | undefined): unknown;
}

/** By content type, compared as an exact string as go-micro does. */
export type Codecs = ReadonlyMap<string, Codec>;
