import type { MicroError } from '../../errors.ts';
import { broken } from '../failure.ts';
import type { Body, Headers, Message, Receiver, Socket, TransportError } from '../../transport/transport.ts';

/** Who waits for an answer. */
export interface Waiting {
  resolve(message: Message): void;
  reject(error: MicroError): void;
}

/**
 * A connection for unary calls, one at a time: Go servers answer pipelined requests out of order, or not at all, and the id in an
 * answer may be that of an older request. So the next message is the answer, and nothing else can be.
 */
export class Connection implements Receiver {
  readonly address: string;
  readonly createdAt: number = Date.now();
  /** False once closed by anybody. */
  open = true;
  /** True once the other side has said that it is about to close: nothing more is asked on it. */
  retired = false;
  #socket: Socket | undefined;
  #waiting: Waiting | undefined;
  readonly #onClosed: (connection: Connection) => void;

  constructor(address: string, onClosed: (connection: Connection) => void) {
    this.address = address;
    this.#onClosed = onClosed;
  }

  attach(socket: Socket): void {
    this.#socket = socket;
    if (!this.open) socket.destroy();
  }

  /** Sends a request and waits for the answer. Throws a `TransportError` when the request cannot be written. */
  exchange(headers: Headers, body: Body, waiting: Waiting): void {
    this.#waiting = waiting;
    try {
      this.#socket?.send(headers, body);
    } catch (error) {
      this.#waiting = undefined;
      throw error;
    }
  }

  message(message: Message): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) {
      // An answer nobody asked for: what comes next could be mistaken for the answer of another call.
      this.destroy();
      return;
    }
    const told = message.headers['Connection'];
    if (told !== undefined && /\bclose\b/i.test(told)) this.retired = true;
    waiting.resolve(message);
  }

  closed(error: TransportError | undefined): void {
    this.open = false;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#onClosed(this);
    waiting?.reject(broken(error));
  }

  close(): void {
    this.open = false;
    this.#socket?.close();
  }

  /** Also forgets who waits: an answer that comes later must not reach anybody. */
  destroy(): void {
    this.open = false;
    this.#waiting = undefined;
    this.#socket?.destroy();
  }

  /** Tells whoever waits, and closes. */
  fail(error: MicroError): void {
    const waiting = this.#waiting;
    this.destroy();
    waiting?.reject(error);
  }
}
