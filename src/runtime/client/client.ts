import type { Metadata, Node, ServiceRecord } from '../../discovery/registry.ts';
import type { Context } from '../context.ts';
import type { MicroError } from '../errors.ts';
import type { Schema } from '../schema.ts';

/** One call to make. */
export interface Request {
  readonly service: string;
  /** `Type.Method`. */
  readonly endpoint: string;
  /** Any value the codec can write; absent is an empty message. */
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string;
  /** `body` is text or bytes that are sent untouched (inside the envelope, where the content type has one), and answers come back as a `Buffer`, untouched too. */
  readonly raw?: boolean;
  /** Needed by `application/protobuf`. */
  readonly requestSchema?: Schema;
  readonly responseSchema?: Schema;
}

export type Filter = (services: readonly ServiceRecord[]) => readonly ServiceRecord[];

export interface CallOptions {
  /** The handler's context when the call is made while serving another: its deadline, signal and metadata are passed on. */
  readonly context?: Context;
  readonly signal?: AbortSignal;
  /** For all attempts together. Default 5,000. A context's deadline that is nearer wins. */
  readonly timeoutMs?: number;
  /** For one attempt to connect. Default: half of what the call has left, from 1,000 to 5,000. */
  readonly dialTimeoutMs?: number;
  /** Further attempts after the first. Default 1. */
  readonly retries?: number;
  /** Whether to try again. Default: codes 408 and 500. */
  readonly retry?: (error: MicroError, attempt: number) => boolean;
  /** Wait before attempt n ≥ 1 in milliseconds. Default 10ⁿ. */
  readonly backoff?: (attempt: number) => number;
  /** Calls these nodes (one at random an attempt) and does not ask the registry. */
  readonly address?: string | readonly string[];
  /** As `address`, for nodes of which more is known: what they say of themselves decides how they are spoken to. */
  readonly nodes?: readonly Node[];
  /** Extra metadata for the other side. */
  readonly metadata?: Metadata;
  /** Narrow down the service's records before a node is chosen. */
  readonly filters?: readonly Filter[];
}

/** A conversation with one handler. Iterating yields what the other side sends and throws its error. */
export interface ClientStream<T = unknown> extends AsyncIterable<T>, AsyncDisposable {
  /** Resolves when the other side keeps up. */
  send(body: unknown): Promise<void>;
  /** We have said everything; answers may still come. */
  closeSend(): Promise<void>;
  /** Ends the conversation, whatever is still under way. */
  close(): Promise<void>;
}

/** One event to publish. */
export interface Message {
  readonly topic: string;
  /** Any value the codec can write; absent is an empty message. */
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string;
  /** `body` is text or bytes that are sent untouched. */
  readonly raw?: boolean;
  /** Needed by `application/protobuf`. */
  readonly schema?: Schema;
}

export interface PublishOptions {
  /** The handler's context when the event is published while serving a request: its metadata is passed on. */
  readonly context?: Context;
  /** Extra metadata for the subscribers. */
  readonly metadata?: Metadata;
  /** The broker's topic, when it is not the message's own. */
  readonly exchange?: string;
}

/** Calls services. Failures are `MicroError`s: what the service answered, or `go.micro.client…` for our side. */
export interface Client {
  call<T = unknown>(request: Request, options?: CallOptions): Promise<T>;
  /** Opens a stream; `request.body`, when given, is sent as its first message. There is no limit of time unless one is given. */
  stream<T = unknown>(request: Request, options?: CallOptions): Promise<ClientStream<T>>;
  /** Gives an event to the broker; nobody may listen. Rejects with a 500 of `go.micro.client` when the broker does not take it. */
  publish(message: Message, options?: PublishOptions): Promise<void>;
  /** Ends what is under way, calls with an error and streams as if they had been closed, and closes all connections. */
  close(): Promise<void>;
}

/** Around whole calls: retries happen inside. */
export type ClientWrapper = (next: Client) => Client;

/** One attempt at one node. */
export type CallFunc = (node: Node, request: Request, options: CallOptions) => Promise<unknown>;

/** Around each attempt. */
export type CallWrapper = (next: CallFunc) => CallFunc;

/** Hears which node answered a call, if only with an error, and which one took a stream. */
export type AnswerListener = (node: Node, service: string, options: CallOptions) => void;
