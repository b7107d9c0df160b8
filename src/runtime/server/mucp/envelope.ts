import type { Codec, Codecs } from '../../codec/codec.ts';
import { legacyCodecs } from '../../codec/legacy.ts';
import { MicroError } from '../../errors.ts';
import { endpointOf, isLegacy } from '../../headers.ts';
import type { Headers, Message } from '../../transport/transport.ts';
import type { AnswerCodec } from '../caller.ts';

const legacy = new WeakMap<Codecs, Codecs>();

/** The codec for a request. Peers before go-micro 0.22 mean an envelope by the names of today's bare bodies. */
export function codecFor(headers: Headers, contentType: string, codecs: Codecs): Codec | undefined {
  if (!isLegacy(headers)) return codecs.get(contentType);
  let table = legacy.get(codecs);
  if (table === undefined) {
    table = legacyCodecs(codecs);
    legacy.set(codecs, table);
  }
  return table.get(contentType);
}

/** What a request says about itself, in its headers or in its body. */
export interface Opened {
  readonly endpoint: string;
  readonly id: string | undefined;
  readonly codec: AnswerCodec;
}

/** Opens the envelope of a request. Its endpoint counts when no header names one, its id before the header's. Throws a `MicroError`. */
export function open({ headers, body }: Message, contentType: string, codec: Codec, id: string | undefined): Opened {
  const { name, envelope } = codec;
  if (envelope === undefined) return { endpoint: endpointOf(headers), id, codec };
  const request = read(() => envelope.readRequest(body));
  const endpoint = endpointOf(headers) || request.endpoint;
  const head = { id: request.id || (id ?? ''), endpoint };
  const answers: AnswerCodec = {
    name,
    contentType,
    encode: (value, schema) => envelope.writeAnswer(head, value, schema),
    // Later messages of a stream come in envelopes of their own.
    decode: (bytes, schema) => (bytes === body ? request : envelope.readRequest(bytes)).decode(schema),
    // As Go does, without the id.
    encodeError: (text) => envelope.writeError({ id: '', endpoint }, text),
  };
  return { endpoint, id: head.id === '' ? undefined : head.id, codec: answers };
}

function read<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new MicroError('', 0, error instanceof Error ? error.message : String(error));
  }
}
