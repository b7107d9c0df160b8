import { outgoing } from './carried.ts';
import type { Body, Headers, Message, Receiver, Socket } from './transport.ts';
import { TransportError } from './transport.ts';

/** So many messages may wait for the other side before it is said not to keep up. */
const highWater = 16;

/** One end of a connection inside the process. Nothing is shared between the ends: messages are copied. */
export class MemorySocket implements Socket {
  readonly local: string;
  readonly remote: string;
  #peer: MemorySocket | undefined;
  #receiver: Receiver | undefined;
  /** What the other end sent and we did not deliver yet. */
  #inbox: Message[] = [];
  #isOpen = true;
  #isPaused = false;
  #isScheduled = false;
  #isTold = false;
  /** The other end closed after what is in the inbox. */
  #isEnded = false;
  #owesDrain = false;
  #error: TransportError | undefined;

  constructor(local: string, remote: string) {
    this.local = local;
    this.remote = remote;
  }

  join(peer: MemorySocket): void {
    this.#peer = peer;
    peer.#peer = this;
  }

  start(receiver: Receiver): this {
    this.#receiver = receiver;
    this.#schedule();
    return this;
  }

  send(headers: Headers, body: Body): boolean {
    const peer = this.#peer;
    if (!this.#isOpen || peer === undefined) return true;
    const message = { headers: outgoing(headers), body: Buffer.from(body as Uint8Array) };
    peer.#inbox.push(message);
    peer.#schedule();
    this.#owesDrain ||= peer.#inbox.length >= highWater;
    return !this.#owesDrain;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#schedule();
  }

  close(): void {
    this.#stop();
    const peer = this.#peer;
    if (peer === undefined) return;
    peer.#isEnded = true;
    peer.#schedule();
  }

  destroy(): void {
    const peer = this.#peer;
    this.#stop();
    if (peer === undefined || !peer.#isOpen) return;
    if (peer.#inbox.length > 0) peer.#error = new TransportError('reset', 'the other side broke off');
    peer.#stop();
  }

  #stop(): void {
    this.#isOpen = false;
    this.#inbox = [];
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    const receiver = this.#receiver;
    if (receiver === undefined) return;
    for (let message = this.#next(); message !== undefined; message = this.#next()) receiver.message(message);
    if (this.#isOpen && this.#inbox.length === 0 && this.#peer !== undefined) this.#peer.#drained();
    if (this.#isEnded && this.#inbox.length === 0) this.#isOpen = false;
    if (this.#isOpen || this.#isTold) return;
    this.#isTold = true;
    receiver.closed(this.#error);
  }

  #next(): Message | undefined {
    return this.#isOpen && !this.#isPaused ? this.#inbox.shift() : undefined;
  }

  #drained(): void {
    if (!this.#owesDrain) return;
    this.#owesDrain = false;
    queueMicrotask(() => {
      if (this.#isOpen) this.#receiver?.drain?.();
    });
  }
}
