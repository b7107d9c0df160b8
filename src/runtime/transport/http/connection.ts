import type { Socket as NetSocket } from 'node:net';
import type { Body, Headers, Message, Receiver, Socket } from '../transport.ts';
import { TransportError } from '../transport.ts';
import { formatAddress } from '../address.ts';
import type { Parser } from './parser.ts';

/** How long the other side may take to close, too, before the socket is dropped. */
const lingerMs = 1000;

/** What clients and servers have in common: one TCP connection that carries messages both ways. */
export abstract class Connection implements Socket {
  readonly local: string;
  readonly remote: string;
  protected readonly net: NetSocket;
  protected readonly parser: Parser;
  /** False as soon as nothing more is received or sent. */
  protected isOpen = true;
  protected isPaused = false;
  #receiver: Receiver | undefined;
  #isReading = false;
  #isTold = false;
  #error: TransportError | undefined;
  #linger: NodeJS.Timeout | undefined;

  constructor(net: NetSocket, parser: Parser) {
    this.net = net;
    this.parser = parser;
    this.local = formatAddress(net.localAddress, net.localPort);
    this.remote = formatAddress(net.remoteAddress, net.remotePort);
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
      this.#tell();
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
    this.isPaused = true;
    this.net.pause();
  }

  resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    // Messages that came already go first; not from within this call, so that calls to the receiver never overlap.
    queueMicrotask(() => {
      if (this.isPaused || !this.isOpen) return;
      this.#read();
      if (!this.isPaused) this.net.resume();
    });
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    // What still comes is read and dropped: closing over unread bytes would be a reset, and might take our last message away.
    this.net.resume();
    this.net.end();
    this.#linger = setTimeout(() => this.net.destroy(), lingerMs);
  }

  destroy(): void {
    this.isOpen = false;
    this.net.destroy();
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
    while (this.isOpen && !this.isPaused) {
      const message = this.#take();
      if (message === undefined) break;
      this.#receiver?.message(message);
    }
    this.#isReading = false;
  }

  #take(): Message | undefined {
    try {
      const message = this.parser.next();
      this.noticed(message);
      return message;
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      this.fail(error);
      return undefined;
    }
  }

  #ended(): void {
    if (!this.isOpen) return;
    try {
      const message = this.parser.end();
      if (message !== undefined) this.#receiver?.message(message);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      this.#error ??= error;
    }
    this.close();
    this.#tell();
  }

  #tell(): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.isOpen = false;
    this.#receiver?.closed(this.#error);
  }
}
