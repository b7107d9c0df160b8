import type { MicroError } from '../../errors.ts';
import { internalServerError } from '../../errors.ts';
import { endOfStream, idOf } from '../../headers.ts';
import type { Body, Headers, Message, Receiver, Socket, TransportError } from '../../transport/transport.ts';
import { broken } from '../failure.ts';
import type { Sender } from '../protocol.ts';
import type { Numbered } from './waiting.ts';
import { Waiting } from './waiting.ts';

/** A call that waits for its answer. */
export interface Asked extends Numbered {
  /** How much the connection had heard when this was asked: its own, to be left alone. */
  heard: number;
  resolve(message: Message): void;
  reject(error: MicroError): void;
}

/** So many calls at once; more take another connection. */
const maxCalls = 512;

/**
 * A connection that many calls share. Its peer says in each answer which call it belongs to; towards a peer that does not,
 * `Connection` is the one to use.
 */
export class SharedConnection implements Receiver {
  readonly address: string;
  /** False once closed by anybody. */
  open = true;
  /** Answered a call without saying which. */
  isAnonymous = false;
  readonly #waiting = new Waiting<Asked>();
  readonly #onGone: (connection: SharedConnection) => void;
  #aging: NodeJS.Timeout | undefined;
  #socket: Socket | undefined;
  /** Nothing more is asked: it is too old, or the other side has said that it is about to close, or seems dead. */
  #isRetired = false;
  /** What was asked has not left yet. */
  #isCongested = false;
  #heard = 0;

  /** `onGone` is told when it is closed, perhaps more than once. */
  constructor(address: string, onGone: (connection: SharedConnection) => void) {
    this.address = address;
    this.#onGone = onGone;
  }

  /** Whether one more call can be asked. */
  get hasRoom(): boolean {
    return (
      this.#socket !== undefined && this.open && !this.#isRetired && !this.#isCongested && this.#waiting.size < maxCalls
    );
  }

  /** After `ttlMs` nothing more is asked. */
  attach(socket: Socket, ttlMs: number): void {
    this.#socket = socket;
    if (this.open) this.#aging = setTimeout(() => this.retire(), ttlMs).unref();
    else socket.destroy();
  }

  /** An id for the next call: no other call on this connection ever had it. */
  nextId(sender: Sender): string {
    return this.#waiting.free(sender);
  }

  /** Throws a `TransportError` when the request cannot be written. */
  ask(asked: Asked, headers: Headers, body: Body): void {
    asked.heard = this.#heard;
    this.#waiting.add(asked);
    try {
      if (this.#socket?.send(headers, body) === false) this.#isCongested = true;
    } catch (error) {
      this.#waiting.remove(asked);
      throw error;
    }
  }

  /** The caller no longer waits: an answer that comes later reaches nobody, the other calls go on. */
  leave(asked: Asked, why: 'canceled' | 'late'): void {
    const { id } = asked;
    if (this.#waiting.get(id) !== asked) return;
    this.#waiting.remove(asked);
    // The other side knows the time a call has, but not that its caller has changed his mind.
    if (why === 'canceled') this.#socket?.send({ 'Micro-Id': id, 'Micro-Stream': id, 'Micro-Error': endOfStream }, '');
    else if (asked.heard === this.#heard) this.#isRetired = true;
    // What waits to be sent is wanted by nobody any more.
    if (this.#isCongested && this.#waiting.size === 0) this.#isRetired = true;
    this.#closeWhenDone();
  }

  message(message: Message): void {
    this.#heard += 1;
    const { headers } = message;
    const id = idOf(headers);
    if (id === undefined) {
      this.#answerAll(message);
      return;
    }
    const told = headers['Connection'];
    if (told !== undefined && /\bclose\b/i.test(told)) this.#isRetired = true;
    const asked = this.#waiting.get(id);
    // Else it is the answer of a call that did not wait so long, or one nobody asked for.
    if (asked !== undefined) {
      this.#waiting.remove(asked);
      asked.resolve(message);
    }
    if (this.#isRetired) this.#closeWhenDone();
  }

  drain(): void {
    this.#isCongested = false;
  }

  closed(error: TransportError | undefined): void {
    this.#end();
    const waiting = this.#waiting.takeAll();
    if (waiting.length === 0) return;
    const reason = broken(error);
    for (const asked of waiting) asked.reject(reason);
  }

  /** Asks nothing more, and closes as soon as everything is answered. */
  retire(): void {
    this.#isRetired = true;
    this.#closeWhenDone();
  }

  /** Tells whoever waits, and closes at once. */
  fail(error: MicroError): void {
    this.#end();
    this.#socket?.destroy();
    for (const asked of this.#waiting.takeAll()) asked.reject(error);
  }

  #closeWhenDone(): void {
    if (!this.#isRetired || this.#waiting.size > 0 || !this.open) return;
    this.#end();
    this.#socket?.close();
  }

  /** An answer that does not say whose it is could be anybody's: it is nobody's, and nothing after it can be trusted. */
  #answerAll(message: Message): void {
    if (message.headers[':status'] === undefined) {
      this.isAnonymous = true;
      this.fail(internalServerError('go.micro.client.transport', 'an answer on a shared connection has no Micro-Id'));
      return;
    }
    // What the other side's HTTP layer says, though, it says to all: it cannot read us, and closes.
    this.#end();
    this.#socket?.destroy();
    for (const asked of this.#waiting.takeAll()) asked.resolve(message);
  }

  #end(): void {
    this.open = false;
    clearTimeout(this.#aging);
    this.#onGone(this);
  }
}
