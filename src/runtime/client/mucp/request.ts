import { addMetadata, propagated } from '../../metadata.ts';
import type { Codec, Codecs } from '../../codec/codec.ts';
import { internalServerError, MicroError } from '../../errors.ts';
import type { Body, Message } from '../../transport/transport.ts';
import { errorOf } from '../../headers.ts';
import type { Budget } from '../budget.ts';
import type { CallOptions, Request } from '../client.ts';

const json = 'application/json';

/** How a request's messages are written and its answers read. */
export interface Format {
  readonly contentType: string;
  /** Undefined for raw requests. */
  readonly codec: Codec | undefined;
}

/** Throws a 500 when nobody knows the request's content type. */
export function formatOf(request: Request, codecs: Codecs): Format {
  const contentType = request.contentType ?? json;
  if (request.raw === true) return { contentType, codec: undefined };
  const codec = codecs.get(contentType);
  if (codec === undefined) throw internalServerError('go.micro.client', `Unsupported Content-Type: ${contentType}`);
  return { contentType, codec };
}

/** Throws a 500 of the codec, or a 400 for a raw body that is neither text nor bytes. */
export function encode(value: unknown, request: Request, { codec }: Format): Body {
  if (codec !== undefined) return coded(() => codec.encode(value, request.requestSchema));
  if (typeof value === 'string' || value instanceof Uint8Array) return value;
  if (value === undefined) return '';
  throw new MicroError('go.micro.client', 400, 'the body of a raw request must be text or bytes');
}

/** The message that opens a stream: an empty one, which Go servers want and throw away. */
export function encodeOpening(request: Request, format: Format): Body {
  if (format.codec !== undefined) return encode(undefined, request, format);
  return format.contentType === json ? '{}\n' : '';
}

/** The value of an answer. Throws the error it carries. */
export function decode(message: Message, request: Request, { contentType, codec }: Format): unknown {
  const { headers, body } = message;
  const status = headers[':status'];
  if (status !== undefined) throw internalServerError('go.micro.client.transport', `${status}: ${body.toString()}`);
  const error = errorOf(headers);
  if (error !== '') throw MicroError.parse(error);
  // The one refusal a server writes without an error header: it does not know our content type.
  if (headers['Content-Type'] === 'text/plain' && contentType !== 'text/plain') {
    throw internalServerError('go.micro.client', body.toString());
  }
  return codec === undefined ? body : coded(() => codec.decode(body, request.responseSchema));
}

function coded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw internalServerError('go.micro.client.codec', text, { cause: error });
  }
}

/** What the requests of one client have in common. */
export interface Sender {
  /** The next Micro-Id. */
  nextId(): string;
  /** Who calls, when the metadata does not say. */
  readonly name: string | undefined;
}

/** The headers of one request. What metadata says about the wire itself is overwritten. */
export function headersOf(
  request: Request,
  contentType: string,
  { context, metadata }: CallOptions,
  sender: Sender,
  budget: Budget,
): Record<string, string> {
  const own: Record<string, string> = {
    Accept: contentType,
    'Content-Type': contentType,
    'Micro-Endpoint': request.endpoint,
    'Micro-Id': sender.nextId(),
    'Micro-Method': request.endpoint,
    'Micro-Service': request.service,
  };
  // Nanoseconds, written without arithmetic: large numbers would lose digits.
  if (budget.expiresAt !== Number.POSITIVE_INFINITY) own['Timeout'] = `${budget.leftMs}000000`;
  const from = sender.name;
  if (context === undefined && metadata === undefined) {
    if (from !== undefined) own['Micro-From-Service'] = from;
    return own;
  }
  const headers = context === undefined ? {} : propagated(context.metadata);
  if (metadata !== undefined) addMetadata(headers, metadata);
  if (from !== undefined) headers['Micro-From-Service'] ??= from;
  return Object.assign(headers, own);
}
