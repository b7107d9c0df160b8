import type { Codec, Codecs, Envelope } from '../../codec/codec.ts';
import { legacyContentType } from '../../codec/legacy.ts';
import { internalServerError, MicroError } from '../../errors.ts';
import { addMetadata, propagated } from '../../metadata.ts';
import type { Body, Headers, Message } from '../../transport/transport.ts';
import { errorOf } from '../../headers.ts';
import type { Budget } from '../budget.ts';
import type { CallOptions, Request } from '../client.ts';
import { rawEnvelope } from './raw.ts';

const json = 'application/json';

/** How a request's messages are written and its answers read. */
export interface Format {
  /** As the header says. */
  readonly contentType: string;
  /** Undefined for raw requests. */
  readonly codec: Codec | undefined;
  /** Around requests and answers, when their bodies say themselves what they are. */
  readonly envelope: Envelope | undefined;
}

/** Throws a 500 when nobody knows the request's content type. */
export function formatOf(request: Request, codecs: Codecs): Format {
  const contentType = request.contentType ?? json;
  if (request.raw === true) {
    const known = codecs.get(contentType);
    return { contentType, codec: undefined, envelope: known && rawEnvelope(known) };
  }
  const codec = codecOf(contentType, codecs);
  return { contentType, codec, envelope: codec.envelope };
}

/** As `formatOf`, for nodes that do not say what they speak: go-micro before 0.22, or somebody wrote the record by hand. */
export function legacyFormatOf(request: Request, codecs: Codecs): Format {
  const contentType = legacyContentType(request.contentType ?? json);
  const codec = codecOf(contentType, codecs);
  return { contentType, codec, envelope: request.raw === true ? rawEnvelope(codec) : codec.envelope };
}

function codecOf(contentType: string, codecs: Codecs): Codec {
  const codec = codecs.get(contentType);
  if (codec === undefined) throw internalServerError('go.micro.client', `Unsupported Content-Type: ${contentType}`);
  return codec;
}

/** A request body. Throws a 500 of the codec. */
export function encode(value: unknown, request: Request, format: Format, { 'Micro-Id': id = '' }: Headers): Body {
  const { codec, envelope } = format;
  if (envelope !== undefined) {
    return coded(() => envelope.writeRequest({ id, endpoint: request.endpoint }, value, request.requestSchema));
  }
  if (codec !== undefined) return coded(() => codec.encode(value, request.requestSchema));
  return (value as Body | undefined) ?? '';
}

/** The message that opens a stream: an empty one, which Go servers want and throw away. */
export function encodeOpening(request: Request, format: Format, headers: Headers): Body {
  const { codec, contentType, envelope } = format;
  if (codec === undefined && envelope === undefined) return contentType === json ? '{}\n' : '';
  return encode(request.raw === true ? '' : undefined, request, format, headers);
}

/** The value of an answer. Throws the error it carries. */
export function decode(message: Message, request: Request, { contentType, codec, envelope }: Format): unknown {
  const { headers, body } = message;
  const status = headers[':status'];
  if (status !== undefined) throw internalServerError('go.micro.client.transport', `${status}: ${body.toString()}`);
  const error = errorOf(headers);
  if (error !== '') throw MicroError.parse(error);
  // The one refusal a server writes without an error header: it does not know our content type.
  if (headers['Content-Type'] === 'text/plain' && contentType !== 'text/plain') {
    throw internalServerError('go.micro.client', body.toString());
  }
  if (envelope !== undefined) return coded(() => envelope.readAnswer(body, request.responseSchema));
  return codec === undefined ? body : coded(() => codec.decode(body, request.responseSchema));
}

function coded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    // What the other side answered inside an envelope.
    if (error instanceof MicroError) throw error;
    const text = error instanceof Error ? error.message : String(error);
    throw internalServerError('go.micro.client.codec', text, { cause: error });
  }
}

/** The headers of one request; `from` is who calls. What metadata says about the wire itself is overwritten. */
export function headersOf(
  request: Request,
  contentType: string,
  { context, metadata }: CallOptions,
  id: string,
  from: string | undefined,
  budget: Budget,
): Record<string, string> {
  const own: Record<string, string> = {
    Accept: contentType,
    'Content-Type': contentType,
    'Micro-Endpoint': request.endpoint,
    'Micro-Method': request.endpoint,
    'Micro-Service': request.service,
  };
  // Nanoseconds, written without arithmetic: large numbers would lose digits.
  if (budget.expiresAt !== Number.POSITIVE_INFINITY) own['Timeout'] = `${budget.leftMs}000000`;
  // What differs from call to call comes last: what heads begin with in common is put together once.
  own['Micro-Id'] = id;
  if (context === undefined && metadata === undefined) {
    if (from !== undefined) own['Micro-From-Service'] = from;
    return own;
  }
  const headers = context === undefined ? {} : propagated(context.metadata);
  if (metadata !== undefined) addMetadata(headers, metadata);
  if (from !== undefined) headers['Micro-From-Service'] ??= from;
  return Object.assign(headers, own);
}
