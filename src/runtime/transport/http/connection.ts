import type { Socket as NetSocket } from 'node:net';
import type { Body, Headers, Message, Receiver, Socket } from '../transport.ts';
import { TransportError } from '../transport.ts';
import { endsOf } from '../ends.ts';
import { Outbox } from './outbox.ts';
import type { Parser } from './parser.ts';
import type { Patience } from '../watch.ts';
import { Watch } from '../watch.ts';

/** How long the other side may take to close, too, before the socket is dropped. */
const lingerMs = 1000;

/** What clients and servers have in common: one TCP connection that carries messages both ways. */
export abstract class Connection implements Socket {
  readonly local: string;
  readonly remote: string;
  protected readonly net: NetSocket;
  protected readonly outbox: Outbox;
  protected readonly parser: Parser;
  /** False as soon as nothing more can be sent. */
  protected isOpen = true;
  readonly #watch: Watch;
  readonly #heldTimeoutMs: number;
  #receiver: Receiver | undefined;
  #isPaused = false;
  #isReading = false;
  #isTold = false;
  #error: TransportError | undefined;
  #linger: NodeJS.Timeout | undefined;
  /** Runs while the other side has closed, and messages it sent before still wait for a receiver that pauses. */
  #held: NodeJS.Timeout | undefined;

  constructor(net: NetSocket, parser: Parser, patience: Patience) {
    this.net = net;
    this.outbox = new Outbox(net);
    this.parser = parser;
    ({ local: this.local, remote: this.remote } = endsOf(net));
    this.#watch = new Watch(parser, patience, (error) => this.fail(error));
    this.#heldTimeoutMs = patience.heldTimeoutMs;
  }

  /** Tells `receiver` from now on; to be called once, before anything can have come. */
  start(receiver: Receiver): this {
    const { net } = this;
    this.#receiver = receiver;
    net.on('data', (chunk: Buffer) => this.received(chunk));
    net.on('drain', () => {
      if (this.isOpen) receiver.drain?.();
    });
    net.on('end', () => this.#ended());
    net.on('error', (error: NodeJS.ErrnoException) => {
      if (!this.isOpen) return;
      this.#error ??= new TransportError('reset', `the connection broke: ${error.code ?? error.message}`, {
        cause: error,
      });
    });
    net.on('close', () => {
      clearTimeout(this.#linger);
      this.#watch.stop();
      if (this.#held === undefined) this.#tell();
    });
    return this;
  }

  /** What came; it belongs to this connection from now on. */
  received(chunk: Buffer): void {
    if (!this.isOpen) return;
    this.parser.push(chunk);
    this.#read();
  }

  abstract send(headers: Headers, body: Body): boolean;

  /** Called for each message before the receiver gets it, and whenever there is none. */
  protected abstract noticed(message: Message | undefined): void;

  /** The other side sent what is not allowed: answer when there is a way to. */
  protected abstract refuse(error: TransportError): void;

  pause(): void {
    this.#isPaused = true;
    this.#watch.pause();
    this.net.pause();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#watch.resume();
    // Messages that came already go first; not from within this call, so that calls to the receiver never overlap.
    queueMicrotask(() => {
      this.#held?.refresh();
      this.#read();
      if (this.#isPaused) return;
      if (this.#held !== undefined) this.#finish();
      else if (this.isOpen) this.net.resume();
    });
  }

  close(): void {
    if (!this.isOpen) {
      this.#dropHeld();
      return;
    }
    this.isOpen = false;
    // What still comes is read and dropped: closing over unread bytes would be a reset, and might take our last message away.
    this.net.resume();
    this.#hangUp();
  }

  destroy(): void {
    this.isOpen = false;
    this.net.destroy();
    this.#dropHeld();
  }

  /** Ends because of the other side's fault. */
  protected fail(error: TransportError): void {
    if (!this.isOpen) return;
    this.#error ??= error;
    this.refuse(error);
    this.close();
    this.#tell();
  }

  #read(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    while ((this.isOpen || this.#held !== undefined) && !this.#isPaused) {
      const message = this.#take();
      if (message === undefined) break;
      this.#receiver?.message(message);
    }
    this.#isReading = false;
  }

  #take(): Message | undefined {
    try {
      const message = this.parser.next();
      if (this.isOpen) {
        if (message === undefined) this.#watch.look();
        this.noticed(message);
      }
      return message;
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      this.#error ??= error;
      this.fail(error);
      return undefined;
    }
  }

  /** The other side closed. What it said before still counts. */
  #ended(): void {
    if (!this.isOpen) return;
    if (!this.#isPaused || !this.parser.hasUnread) {
      this.#finish();
      return;
    }
    this.isOpen = false;
    this.#held = setTimeout(() => this.#dropHeld(), this.#heldTimeoutMs);
    this.#hangUp();
  }

  #finish(): void {
    const wasOpen = this.isOpen;
    try {
      const message = this.parser.end();
      if (message !== undefined) this.#receiver?.message(message);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      this.#error ??= error;
    }
    if (wasOpen) this.close();
    this.#tell();
  }

  /** Tells the receiver soon that it is over, although it has not got everything. */
  #dropHeld(): void {
    if (this.#held !== undefined) queueMicrotask(() => this.#tell());
  }

  #hangUp(): void {
    this.outbox.flush();
    this.net.end();
    this.#linger = setTimeout(() => this.net.destroy(), lingerMs);
  }

  #tell(): void {
    clearTimeout(this.#held);
    this.#held = undefined;
    this.#watch.stop();
    if (this.#isTold) return;
    this.#isTold = true;
    this.isOpen = false;
    this.#receiver?.closed(this.#error);
  }
}
