import type { OutgoingHttpHeaders } from 'node:http2';
import { sensitiveHeaders } from 'node:http2';
import type { Codec, Codecs } from '../../codec/codec.ts';
import { internalServerError, MicroError } from '../../errors.ts';
import { writeMetadata } from '../../grpc/metadata.ts';
import { octetsOr, wireTypeOf } from '../../grpc/subtype.ts';
import { propagated } from '../../metadata.ts';
import type { Body } from '../../transport/transport.ts';
import type { Budget } from '../budget.ts';
import type { CallOptions, Request } from '../client.ts';
import { final } from '../failure.ts';
import type { Sender } from '../protocol.ts';

/** How a request is addressed, its messages written and its answers read. */
export interface Format {
  /** The caller's own word. */
  readonly contentType: string;
  /** `application/grpc+json`. */
  readonly wireType: string;
  readonly path: string;
  /** Undefined for bodies that are sent and received untouched. */
  readonly codec: Codec | undefined;
}

/**
 * Finds the formats of requests, `codecs` being those of the wire. Many requests in a row are of the same method. What is found throws a
 * 500 when gRPC has no word for the content type.
 */
export function formats(codecs: Codecs): (request: Request) => Format {
  let last: Request | undefined;
  let format: Format | undefined;
  return (request) => {
    if (format !== undefined && last !== undefined && isAlike(request, last)) return format;
    format = formatOf(request, codecs);
    last = { ...request, body: undefined };
    return format;
  };
}

const isAlike = (one: Request, other: Request): boolean =>
  one.service === other.service &&
  one.endpoint === other.endpoint &&
  one.contentType === other.contentType &&
  one.raw === other.raw;

function formatOf(request: Request, codecs: Codecs): Format {
  const { contentType = 'application/json', raw } = request;
  const wireType = wireTypeOf(contentType);
  const codec = wireType === undefined ? undefined : codecs.get(wireType);
  if (wireType === undefined || (codec === undefined && raw !== true)) {
    throw internalServerError('go.micro.client', `Unsupported Content-Type: ${contentType}`);
  }
  const path = pathOf(request.service, request.endpoint);
  if (raw === true || codec === undefined) return { contentType, wireType, path, codec: undefined };
  return { contentType, wireType, path, codec: contentType === 'application/octet-stream' ? octetsOr(codec) : codec };
}

/** `/<service>.<Type>/<Method>`; an endpoint that begins with a slash is a path already. */
function pathOf(service: string, endpoint: string): string {
  const path = endpoint.startsWith('/') ? endpoint : `/${methodOf(service, endpoint)}`;
  if (/^[\x21-\x7e]+$/.test(path) && !path.includes('#')) return path;
  throw new MicroError(
    'go.micro.client',
    400,
    `${JSON.stringify(endpoint)} of ${JSON.stringify(service)} is no endpoint`,
  );
}

function methodOf(service: string, endpoint: string): string {
  const [type = '', method, ...rest] = endpoint.split('.');
  if (method === undefined || rest.length > 0) return endpoint;
  return `${service === '' ? '' : `${service}.`}${type}/${method}`;
}

/** Throws a 500 of the codec. */
export function encode(value: unknown, request: Request, { codec }: Format): Body {
  if (codec !== undefined) return coded(() => codec.encode(value, request.requestSchema));
  if (typeof value === 'string' || value instanceof Uint8Array) return value;
  if (value === undefined) return '';
  throw new MicroError('go.micro.client', 400, 'the body of a raw request must be text or bytes');
}

export const decode = (body: Buffer, request: Request, { codec }: Format): unknown =>
  codec === undefined ? body : coded(() => codec.decode(body, request.responseSchema));

function coded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw internalServerError('go.micro.client.codec', text, { cause: error });
  }
}

// Other in each call: in the table of header compression they would push out what stays the same.
const neverSame = ['timeout', 'grpc-timeout'];
/** Nobody's business: not to be kept in a table at all. */
const secret = [...neverSame, 'authorization'];

/** The headers of one request. Throws a 400 when metadata cannot be written. */
export function headersOf(
  format: Format,
  { context, metadata }: CallOptions,
  sender: Sender,
  budget: Budget,
): OutgoingHttpHeaders {
  const headers = ownHeaders(format, budget);
  if (context !== undefined || metadata !== undefined) {
    try {
      if (context !== undefined) writeMetadata(headers, propagated(context.metadata));
      if (metadata !== undefined) writeMetadata(headers, metadata);
    } catch (error) {
      throw unsendable(error);
    }
  }
  if (headers['authorization'] !== undefined) Object.assign(headers, { [sensitiveHeaders]: secret });
  if (sender.name !== undefined) headers['micro-from-service'] ??= sender.name;
  return headers;
}

/** All of them in one literal: objects that grow are slow to copy, which Node does. */
function ownHeaders({ path, wireType, contentType }: Format, budget: Budget): OutgoingHttpHeaders {
  const isEndless = budget.expiresAt === Number.POSITIVE_INFINITY;
  const leftMs = isEndless ? 0 : budget.leftMs;
  return isEndless
    ? {
        ':method': 'POST',
        ':path': path,
        'content-type': wireType,
        'user-agent': userAgent,
        te: 'trailers',
        'x-content-type': contentType,
        [sensitiveHeaders]: neverSame,
      }
    : {
        ':method': 'POST',
        ':path': path,
        'content-type': wireType,
        'user-agent': userAgent,
        te: 'trailers',
        'x-content-type': contentType,
        // Nanoseconds, written without arithmetic: large numbers would lose digits.
        timeout: `${leftMs}000000`,
        'grpc-timeout': leftMs < 1e8 ? `${leftMs}m` : `${Math.min(Math.floor(leftMs / 1000), 99_999_999)}S`,
        [sensitiveHeaders]: neverSame,
      };
}

const userAgent = 'grpc-micro-bot';

/** No other node would take it either; and it says nothing about this one. */
export function unsendable(error: unknown): MicroError {
  const text = error instanceof Error ? error.message : String(error);
  return final(new MicroError('go.micro.client.transport', 400, text));
}
