import type { Metadata, ServiceRecord } from '../../discovery/registry.ts';
import type { Context } from '../context.ts';
import type { Schema } from '../schema.ts';

/** Answers one request with one message. What it throws reaches the caller: a `MicroError` as it is, anything else as a 500. */
export type Unary<Req, Res> = (request: Req, context: Context) => Promise<Res> | Res;

/** Answers what comes in with as many messages as it yields. For a server stream read the first message of `requests`. */
export type Streaming<Req, Res> = (requests: AsyncIterable<Req>, context: Context) => AsyncIterable<Res>;

interface MethodShape {
  readonly request?: Schema;
  readonly response?: Schema;
  /** Attached to the endpoint in the registry: command metadata for instance. */
  readonly metadata?: Metadata;
}

export interface UnaryMethod extends MethodShape {
  readonly kind: 'unary';
  readonly handler: Unary<never, unknown>;
}

export interface StreamingMethod extends MethodShape {
  readonly kind: 'stream';
  readonly handler: Streaming<never, unknown>;
}

export type Method = UnaryMethod | StreamingMethod;

export const unary = <Req, Res>(handler: Unary<Req, Res>, shape: MethodShape = {}): UnaryMethod => ({
  kind: 'unary',
  handler,
  ...shape,
});

export const streaming = <Req, Res>(handler: Streaming<Req, Res>, shape: MethodShape = {}): StreamingMethod => ({
  kind: 'stream',
  handler,
  ...shape,
});

/** A type with its methods: `{ name: 'Say', methods: { Hello: unary(…) } }` serves `Say.Hello`. */
export interface Handler {
  readonly name: string;
  readonly methods: Readonly<Record<string, Method>>;
  /** Answers calls, but is not told to the registry. */
  readonly internal?: boolean;
}

/** A request as wrappers see it. */
export interface ServerRequest {
  readonly service: string;
  readonly endpoint: string;
  readonly contentType: string;
  readonly stream: boolean;
  /** The decoded message; undefined for streams. */
  readonly body: unknown;
}

export type HandlerFunc = (context: Context, request: ServerRequest) => unknown;

/** Around each request to a handler of the user's; the first in a list is the outermost. */
export type HandlerWrapper = (next: HandlerFunc) => HandlerFunc;

/** Deals with the events of one topic. What `handler` throws is logged, and a broker that keeps messages brings the event again. */
export interface Subscriber {
  readonly topic: string;
  /** Of all subscribers with the same queue name only one gets each event. Default: every subscriber gets every event. */
  readonly queue?: string;
  /** What messages look like. */
  readonly message?: Schema;
  /** As in the registry. Default `Func`. */
  readonly name?: string;
  /** Works on events, but is not told to the registry. */
  readonly internal?: boolean;
  /** Acknowledge when the handler has returned. Default true; else call `acknowledge` from the context. */
  readonly autoAck?: boolean;
  readonly handler: (message: never, context: Context) => Promise<void> | void;
}

/** A subscriber of a topic: `subscriber('deployed', async (message: Deployed) => …)`. */
export const subscriber = <T>(
  topic: string,
  handler: (message: T, context: Context) => Promise<void> | void,
  options: Omit<Subscriber, 'topic' | 'handler' | 'message'> & { readonly message?: Schema<T> } = {},
): Subscriber => ({ topic, handler, ...options });

/** An event as wrappers see it. */
export interface ServerEvent {
  readonly topic: string;
  readonly contentType: string;
  /** The decoded message. */
  readonly body: unknown;
}

export type SubscriberFunc = (context: Context, event: ServerEvent) => Promise<void> | void;

/** Around each event for a subscriber of the user's; the first in a list is the outermost. */
export type SubscriberWrapper = (next: SubscriberFunc) => SubscriberFunc;

/** Serves handlers on a transport and keeps their registration alive. */
export interface Server {
  readonly name: string;
  readonly id: string;
  /** `host:port` others reach it at; empty before `start`. */
  readonly address: string;
  /** What is told to the registry. */
  readonly record: ServiceRecord;
  /** Before `start` only. Throws when the type is served already. */
  handle(handler: Handler): void;
  /** Before `start` only. Throws when the server has no broker. */
  subscribe(subscriber: Subscriber): void;
  /** Listens, registers, and registers again in the interval. Rejects, leaving nothing behind, when either fails. */
  start(): Promise<void>;
  /** Deregisters, lets running requests end and answers be read for at most `graceMs` (default 5,000), then closes. May be called twice. */
  stop(options?: { readonly graceMs?: number }): Promise<void>;
}
