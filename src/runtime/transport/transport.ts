/**
 * Header names are canonical (`Micro-Service`, as HTTP writes them); one value a name; values are any text without line breaks.
 * A message from an HTTP peer whose status is not 200 carries its status line under `:status`, e.g. `400 Bad Request`.
 */
export type Headers = Readonly<Record<string, string>>;

/** A string is sent as UTF-8. Codecs may hand over either, whichever costs them less. */
export type Body = string | Uint8Array;

/** One message as it was received. The body belongs to the receiver. */
export interface Message {
  readonly headers: Headers;
  readonly body: Buffer;
}

/** What the owner of a socket is told. Calls never overlap; after `closed` nothing more comes. */
export interface Receiver {
  message(message: Message): void;
  /** After `send` said false: what was queued has been written. */
  drain?(): void;
  /** Once, whoever closed it. `error` tells why when it was not closed in order. */
  closed(error: TransportError | undefined): void;
}

/**
 * A two-way sequence of messages; the two directions are independent of each other. Receiving is by callback, not by iterator: a call
 * costs one promise then and not four (docs/decisions).
 */
export interface Socket {
  /** `host:port` of either end, as far as the transport has such a thing. */
  readonly local: string;
  readonly remote: string;
  /**
   * Queues one message and says whether the other side keeps up; false: wait for `drain` before a stream sends more.
   * Throws a `TransportError` and sends nothing when a header cannot be written (`invalid`) or the transport carries nothing so large
   * (`too_large`). On a closed socket it does nothing.
   */
  send(headers: Headers, body: Body): boolean;
  /** Stops and goes on receiving: back-pressure towards the sender. */
  pause(): void;
  resume(): void;
  /**
   * Tells the other side, with each message from now on, that it should ask nothing more on this socket: it is about to close. Without
   * it, a request may be on its way while we close, and its sender never learns what became of it. Some transports can't say it.
   */
  retire?(): void;
  /** Writes what is queued, then closes. */
  close(): void;
  /** Closes at once and drops what is queued. */
  destroy(): void;
}

export interface DialOptions {
  /** Milliseconds until the attempt fails with `timeout`. Default 5,000. */
  readonly timeoutMs?: number;
}

export interface Listener {
  /** The bound `host:port` (or the transport's own form). */
  readonly address: string;
  /** Accepts no more sockets; open ones live on until their owners close them. */
  close(): Promise<void>;
}

/** Carries messages between two processes. */
export interface Transport {
  /** The driver's name as in `--transport`, also put into node metadata. */
  readonly name: string;
  /** What one end of a socket sends arrives at the other in that order and complete, as long as the socket is open: many calls can share it then. Default false. */
  readonly ordered?: boolean;
  /**
   * Rejects with `unreachable` or `timeout`, or with `invalid` for an address of another form, and for who can't be trusted or speaks
   * another protocol. A transport through a third party may learn only from the first message that nobody is there: the receiver is
   * told `unreachable` then.
   */
  dial(address: string, receiver: Receiver, options?: DialOptions): Promise<Socket>;
  /** Rejects with `unavailable` or `invalid`. `address` is `host:port`; port 0 takes a free one, an empty host all interfaces, `host:5000-6000` the first free port of the range. */
  listen(address: string, accept: (socket: Socket) => Receiver): Promise<Listener>;
}

export type TransportErrorCode =
  /** Nobody listens there. */
  | 'unreachable'
  /** We can't listen there: the port is taken, or the address is not ours. */
  | 'unavailable'
  /** The time to connect, or for the other side to complete a message or to show that it is there, is over. */
  | 'timeout'
  /** The other side broke off. */
  | 'reset'
  /** The other side sent what this transport does not allow, or we were asked to. */
  | 'invalid'
  /** A message is larger than the limit. */
  | 'too_large';

export class TransportError extends Error {
  readonly code: TransportErrorCode;

  constructor(code: TransportErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TransportError';
    this.code = code;
  }
}
