import type { Metadata } from '../discovery/registry.ts';
import type { CallOptions, Client, ClientStream, Request } from './client/client.ts';
import type { ProtoMethod, ProtoService } from './codec/proto-file.ts';
import type { Context } from './context.ts';
import { badRequest, internalServerError } from './errors.ts';
import type { Handler, Method } from './server/server.ts';
import { streaming, unary } from './server/server.ts';

/**
 * The methods of a `.proto` service, as whoever serves them writes them down: `Hello(request: Req, context): Promise<Res>`. A stream of
 * requests is an `AsyncIterable<Req>` in the first place, a stream of answers an `AsyncIterable<Res>` as the result.
 */
type Methods<S> = { readonly [M in keyof S]: (request: never, context: Context) => unknown };

/** The same methods, as whoever calls them sees them. */
export type ProtoClient<S> = {
  readonly [M in keyof S]: S[M] extends (request: infer Req, context: Context) => infer Res ? Call<Req, Res> : never;
};

type Call<Req, Res> =
  Res extends AsyncIterable<infer Out>
    ? Req extends AsyncIterable<unknown>
      ? (options?: CallOptions) => Promise<ClientStream<Out>>
      : (request: Req, options?: CallOptions) => Promise<ClientStream<Out>>
    : (request: Req, options?: CallOptions) => Promise<Awaited<Res>>;

export interface ProtoHandlerOptions {
  /** Attached to endpoints in the registry, by the method's name: command metadata for instance. */
  readonly metadata?: Readonly<Record<string, Metadata>>;
}

/** A handler for a `.proto` service. Throws when a method is missing. */
export function protoHandler<S extends Methods<S>>(
  service: ProtoService,
  methods: S,
  { metadata = {} }: ProtoHandlerOptions = {},
): Handler {
  const given = methods as Readonly<Record<string, unknown>>;
  const entries = Object.entries(service.methods).map(([name, method]): [string, Method] => {
    const work = given[name];
    if (typeof work !== 'function') throw new Error(`${service.name}.${name} has no function that answers it`);
    const answer = work.bind(methods) as Answer;
    const { request, response } = method;
    const about = metadata[name] === undefined ? {} : { metadata: metadata[name] };
    return [name, serve(`${service.name}.${name}`, method, answer, { request, response, ...about })];
  });
  return { name: service.name, methods: Object.fromEntries(entries) };
}

type Answer = (request: unknown, context: Context) => unknown;
type Shape = Pick<Method, 'request' | 'response' | 'metadata'>;

function serve(endpoint: string, { requestStream, responseStream }: ProtoMethod, answer: Answer, shape: Shape): Method {
  if (!requestStream && !responseStream) return unary(answer, shape);
  if (!responseStream) {
    return streaming(async function* (requests, context) {
      yield await answer(requests, context);
    }, shape);
  }
  if (requestStream)
    return streaming((requests, context) => answer(requests, context) as AsyncIterable<unknown>, shape);
  return streaming(async function* (requests, context) {
    const first = await requests[Symbol.asyncIterator]().next();
    if (first.done === true) throw badRequest('go.micro.server', `${endpoint} wants a message first`);
    yield* answer(first.value, context) as AsyncIterable<unknown>;
  }, shape);
}

export interface ProtoClientOptions {
  /** Default `application/protobuf`. */
  readonly contentType?: string;
}

/** Calls a `.proto` service that runs under the name `name` in the registry. */
export function protoClient<S>(
  service: ProtoService,
  name: string,
  client: Pick<Client, 'call' | 'stream'>,
  { contentType = 'application/protobuf' }: ProtoClientOptions = {},
): ProtoClient<S> {
  const entries = Object.entries(service.methods).map(([methodName, method]) => {
    const endpoint = `${service.name}.${methodName}`;
    const { request, response, requestStream, responseStream } = method;
    const base: Request = {
      service: name,
      endpoint,
      contentType,
      requestSchema: request,
      responseSchema: response,
    };
    if (requestStream && responseStream) return [methodName, (options?: CallOptions) => client.stream(base, options)];
    if (responseStream)
      return [
        methodName,
        (body: unknown, options?: CallOptions) => ask(client, { ...base, body: body ?? {} }, options),
      ];
    if (requestStream)
      return [
        methodName,
        (bodies: AsyncIterable<unknown>, options?: CallOptions) => tell(client, base, bodies, options),
      ];
    return [methodName, (body: unknown, options?: CallOptions) => client.call({ ...base, body }, options)];
  });
  return Object.fromEntries(entries) as ProtoClient<S>;
}

/** One request, many answers. */
async function ask(client: Pick<Client, 'stream'>, request: Request, options?: CallOptions): Promise<ClientStream> {
  const stream = await client.stream(request, options);
  await stream.closeSend();
  return stream;
}

/** Many requests, one answer. */
async function tell(
  client: Pick<Client, 'stream'>,
  request: Request,
  bodies: AsyncIterable<unknown>,
  options?: CallOptions,
): Promise<unknown> {
  const stream = await client.stream(request, options);
  const sending = (async () => {
    for await (const body of bodies) await stream.send(body);
    await stream.closeSend();
  })();
  const answer = (async () => {
    for await (const value of stream) return value;
    throw internalServerError('go.micro.client', `${request.endpoint} ended without an answer`);
  })();
  try {
    return await Promise.race([answer, sending.then(() => answer)]);
  } finally {
    await stream.close();
  }
}
