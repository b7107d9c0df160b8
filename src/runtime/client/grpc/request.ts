import type { Codec, Codecs } from '../../codec/codec.ts';
import { internalServerError, MicroError } from '../../errors.ts';
import { writeMetadata } from '../../grpc/metadata.ts';
import { octetsOr, wireTypeOf } from '../../grpc/subtype.ts';
import type { Fields } from '../../http2/http2.ts';
import { propagated } from '../../metadata.ts';
import type { Body } from '../../transport/transport.ts';
import type { CallOptions, Request } from '../client.ts';
import { final } from '../failure.ts';

/** How a request is addressed, its messages written and its answers read. */
export interface Format {
  /** What its head says in all calls, from the path on: always the same list. */
  readonly fields: Fields;
  /** The same without the caller's name. */
  readonly nameless: Fields;
  /** Undefined for bodies that are sent and received untouched. */
  readonly codec: Codec | undefined;
}

/** Where callers have too many methods, none is remembered for long. */
const maxFormats = 256;

/**
 * Finds the formats of requests, `codecs` being those of the wire and `from` the caller's name. Equal requests have the same format. What
 * is found throws a 500 when gRPC has no word for the content type.
 */
export function formats(codecs: Codecs, from: string | undefined): (request: Request) => Format {
  const known = new Map<string, Format>();
  let last: Request | undefined;
  let format: Format | undefined;
  return (request) => {
    // Many requests in a row are of the same method.
    if (format !== undefined && last !== undefined && isAlike(request, last)) return format;
    // None of these may have such a character in it.
    const key = `${request.service}\0${request.endpoint}\0${request.contentType}\0${request.raw}`;
    let found = known.get(key);
    if (found === undefined) {
      found = formatOf(request, codecs, from);
      if (known.size >= maxFormats) known.clear();
      known.set(key, found);
    }
    format = found;
    last = { ...request, body: undefined };
    return found;
  };
}

const isAlike = (one: Request, other: Request): boolean =>
  one.service === other.service &&
  one.endpoint === other.endpoint &&
  one.contentType === other.contentType &&
  one.raw === other.raw;

function formatOf(request: Request, codecs: Codecs, from: string | undefined): Format {
  const { contentType = 'application/json', raw } = request;
  const wireType = wireTypeOf(contentType);
  const codec = wireType === undefined ? undefined : codecs.get(wireType);
  if (wireType === undefined || (codec === undefined && raw !== true)) {
    throw internalServerError('go.micro.client', `Unsupported Content-Type: ${contentType}`);
  }
  const path = pathOf(request.service, request.endpoint);
  const types = ['content-type', wireType, 'x-content-type', contentType];
  const nameless = [':path', path, ...types, 'user-agent', userAgent, 'te', 'trailers'];
  return { nameless, fields: withName(nameless, from), codec: raw === true ? undefined : codecFor(codec, contentType) };
}

const userAgent = 'grpc-micro-bot';

function withName(fields: Fields, from: string | undefined): Fields {
  if (from === undefined) return fields;
  const name: string[] = [];
  writeMetadata(name, { [nameField]: from });
  return [...fields, ...name];
}

const nameField = 'micro-from-service';

const codecFor = (codec: Codec | undefined, contentType: string): Codec | undefined =>
  codec === undefined || contentType !== 'application/octet-stream' ? codec : octetsOr(codec);

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

/**
 * What the head of one call says that others don't: how long it may take, in whole milliseconds, and metadata. Throws a 400 when metadata
 * cannot be written.
 */
export function moreOf({ context, metadata }: CallOptions, leftMs: number): Fields {
  const limits = limitsOf(leftMs);
  if (context === undefined && metadata === undefined) return limits;
  const more = [...limits];
  try {
    if (context !== undefined) writeMetadata(more, propagated(context.metadata));
    if (metadata !== undefined) writeMetadata(more, metadata);
  } catch (error) {
    throw unsendable(error);
  }
  return more;
}

/** What it says as all others do. Who calls may stand in the metadata. */
export const fieldsOf = ({ fields, nameless }: Format, more: Fields): Fields =>
  more.some((text, index) => index % 2 === 0 && text === nameField) ? nameless : fields;

let lastLeftMs = Number.POSITIVE_INFINITY;
let lastLimits: Fields = [];

/** Many calls begin in one millisecond, with the same limit. */
function limitsOf(leftMs: number): Fields {
  if (leftMs === lastLeftMs) return lastLimits;
  lastLeftMs = leftMs;
  lastLimits = leftMs === Number.POSITIVE_INFINITY ? [] : writeLimits(leftMs);
  return lastLimits;
}

const writeLimits = (leftMs: number): Fields => [
  'timeout',
  // Nanoseconds, written without arithmetic: large numbers would lose digits.
  `${leftMs}000000`,
  'grpc-timeout',
  leftMs < 1e8 ? `${leftMs}m` : `${Math.min(Math.floor(leftMs / 1000), 99_999_999)}S`,
];

/** No other node would take it either; and it says nothing about this one. */
function unsendable(error: unknown): MicroError {
  const text = error instanceof Error ? error.message : String(error);
  return final(new MicroError('go.micro.client.transport', 400, text));
}
