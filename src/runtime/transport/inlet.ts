import type { Message, Receiver, TransportError } from './transport.ts';

/** Where messages come from. */
export interface Source {
  pause(): void;
  resume(): void;
}

/** So much may wait for a receiver that pauses before its source is stopped. Until then the end is noticed although it pauses. */
const highBytes = 64 * 1024;
/** What a message costs beside its body. */
const messageBytes = 512;

/**
 * Hands what came to the receiver: in order, never in one call inside of another, and not while the receiver pauses. For transports
 * whose messages come one by one.
 */
export class Inlet {
  /** How long messages wait, once there are no more to come, for a receiver that pauses. */
  readonly #heldTimeoutMs: number;
  readonly #source: Source;
  #receiver: Receiver | undefined;
  #waiting: Message[] = [];
  #waitingBytes = 0;
  #isPaused = false;
  #isStopped = false;
  #isSourcePaused = false;
  #isDelivering = false;
  #isScheduled = false;
  #end: 'none' | 'after what waits' | 'now' | 'told' = 'none';
  #error: TransportError | undefined;
  #held: NodeJS.Timeout | undefined;

  constructor(source: Source, heldTimeoutMs: number) {
    this.#source = source;
    this.#heldTimeoutMs = heldTimeoutMs;
  }

  /** What waits, with what keeping it costs. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  start(receiver: Receiver): void {
    this.#receiver = receiver;
  }

  push(message: Message): void {
    if (this.#end !== 'none' || this.#isStopped) return;
    this.#waiting.push(message);
    this.#waitingBytes += message.body.length + messageBytes;
    if (this.#isPaused && this.#waitingBytes >= highBytes && !this.#isSourcePaused) {
      this.#isSourcePaused = true;
      this.#source.pause();
    }
    this.#deliver();
  }

  pause(): void {
    this.#isPaused = true;
  }

  /** What waits is delivered soon, not from within this call. */
  resume(): void {
    this.#isPaused = false;
    this.#held?.refresh();
    this.#schedule();
  }

  /** The receiver wants no more messages: what waits and what still comes is dropped. */
  stop(): void {
    this.#isStopped = true;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#resumeSource();
  }

  /** Nothing more comes: tells the receiver after what waits. */
  end(): void {
    if (this.#end !== 'none') return;
    this.#end = 'after what waits';
    if (this.#isPaused && this.#waiting.length > 0) this.#held = setTimeout(() => this.close(), this.#heldTimeoutMs);
    this.#schedule();
  }

  /** Tells the receiver soon; what waits is dropped. */
  close(error?: TransportError): void {
    if (this.#end === 'now' || this.#end === 'told') return;
    this.#end = 'now';
    this.#error = error;
    this.stop();
    this.#schedule();
  }

  #resumeSource(): void {
    if (!this.#isSourcePaused) return;
    this.#isSourcePaused = false;
    this.#source.resume();
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
    if (this.#isDelivering || receiver === undefined) return;
    this.#isDelivering = true;
    for (let message = this.#next(); message !== undefined; message = this.#next()) receiver.message(message);
    this.#isDelivering = false;
    if (!this.#isPaused) this.#resumeSource();
    const isOver = this.#end === 'now' || (this.#end === 'after what waits' && this.#waiting.length === 0);
    if (!isOver) return;
    this.#end = 'told';
    clearTimeout(this.#held);
    receiver.closed(this.#error);
  }

  #next(): Message | undefined {
    if (this.#isPaused) return undefined;
    const message = this.#waiting.shift();
    if (message !== undefined) this.#waitingBytes -= message.body.length + messageBytes;
    return message;
  }
}
