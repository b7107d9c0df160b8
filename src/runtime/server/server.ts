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
  /** Listens, registers, and registers again in the interval. Rejects, leaving nothing behind, when either fails. */
  start(): Promise<void>;
  /** Deregisters, lets running requests end for at most `graceMs` (default 5,000), then closes. May be called twice. */
  stop(options?: { readonly graceMs?: number }): Promise<void>;
}
