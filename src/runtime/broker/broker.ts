import type { Body, Headers } from '../transport/transport.ts';

/** What is published. A string body is sent as UTF-8. Header names keep their case; readers must not depend on it. */
export interface BrokerMessage {
  readonly headers: Headers;
  readonly body: Body;
}

/** One message as it reached one subscription. */
export interface BrokerEvent {
  readonly topic: string;
  readonly message: { readonly headers: Headers; readonly body: Buffer };
  /**
   * Says that the message is dealt with. Only needed with `autoAck: false`; a broker that keeps nothing does nothing. A second call
   * does nothing.
   */
  ack(): Promise<void>;
}

/** What it throws is logged by the broker, and the message counts as not dealt with: a broker that keeps messages brings it again. */
export type BrokerHandler = (event: BrokerEvent) => Promise<void> | void;

export interface SubscribeOptions {
  /** Of all subscriptions with the same queue name only one gets each message. Default: every subscription gets every message. */
  readonly queue?: string;
  /** Acknowledge when the handler has returned. Default true. */
  readonly autoAck?: boolean;
}

export interface Subscription {
  readonly topic: string;
  /** No message reaches the handler any more once this resolves; those it was given already it may finish. May be called twice. */
  unsubscribe(): Promise<void>;
}

/** Carries events to whoever subscribed to their topic. */
export interface Broker {
  /** The driver's name as in `--broker`, also put into node metadata. */
  readonly name: string;
  /** Where it listens or which server it uses; empty before `connect`. Never carries a password. */
  readonly address: string;
  /** Called again it does nothing while connected. Rejects with `unreachable` or `unavailable`. A lost connection comes back by itself. */
  connect(): Promise<void>;
  /** Ends all subscriptions and the connection, after what was published has left. May be called twice. */
  disconnect(): Promise<void>;
  /**
   * Resolves when the message is out of our hands: with the server of a broker that has one, else on its way to the subscribers.
   * That nobody listens is no error. Rejects with `disconnected`, `unreachable`, `invalid` or `too_large`.
   */
  publish(topic: string, message: BrokerMessage): Promise<void>;
  /** Resolves when messages published from now on will come. Rejects with `disconnected`, `unreachable` or `invalid`. */
  subscribe(topic: string, handler: BrokerHandler, options?: SubscribeOptions): Promise<Subscription>;
}

export type BrokerErrorCode =
  /** `connect` was not called, or `disconnect` was. */
  | 'disconnected'
  /** The broker's server, or its registry, does not answer. */
  | 'unreachable'
  /** We can't listen where we were told to. */
  | 'unavailable'
  /** A topic or queue this broker cannot have, or a message it cannot carry. */
  | 'invalid'
  /** The message is larger than this broker takes. */
  | 'too_large';

export class BrokerError extends Error {
  readonly code: BrokerErrorCode;

  constructor(code: BrokerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BrokerError';
    this.code = code;
  }
}
