import { TransportError } from './transport.ts';

/** How long the other side may keep us waiting. Between messages it is as long as it likes. */
export interface Patience {
  /** From the first byte of a head to its last, in milliseconds. A handshake has as long. Default 10,000. */
  readonly headTimeoutMs: number;
  /** A body must bring `minBodyBytes` in each span of so many milliseconds until it is complete. Default 10,000. */
  readonly bodyWindowMs: number;
  /** Bytes as they come over the wire. Default 4,096. */
  readonly minBodyBytes: number;
  /**
   * How long messages that came before the other side closed wait for a receiver that pauses, in milliseconds and from each `resume`
   * anew. Then they are dropped, and the receiver is told that the socket is closed. Default 30,000.
   */
  readonly heldTimeoutMs: number;
}

export const defaultPatience: Patience = {
  headTimeoutMs: 10_000,
  bodyWindowMs: 10_000,
  minBodyBytes: 4096,
  heldTimeoutMs: 30_000,
};

/** How far reading has come. */
export interface Progress {
  /** Of which part of a message the beginning came, and the end did not, when all that came was read. */
  readonly part: 'none' | 'head' | 'body';
  /** Messages that were begun so far. */
  readonly heads: number;
  /** Bytes that came so far. */
  readonly bytes: number;
}

/** Watches over messages that began and did not end: connections that bring a byte now and then would be held open for nothing. */
export class Watch {
  readonly #patience: Patience;
  readonly #progress: Progress;
  readonly #late: (error: TransportError) => void;
  #timer: NodeJS.Timeout | undefined;
  /** What the timer is for. */
  #part: Progress['part'] = 'none';
  #head = 0;
  /** What had come when this window began. */
  #mark = 0;
  /** We don't read, or did not during a part of this window: it is us who are late. */
  #isPaused = false;
  #isExcused = false;

  constructor(progress: Progress, patience: Patience, late: (error: TransportError) => void) {
    this.#progress = progress;
    this.#patience = patience;
    this.#late = late;
  }

  /** To be called when all that came was read. */
  look(): void {
    const { part, heads, bytes } = this.#progress;
    if (part === 'none') {
      if (this.#timer !== undefined) this.stop();
      return;
    }
    if (this.#timer !== undefined && this.#part === part && this.#head === heads) return;
    this.stop();
    this.#part = part;
    this.#head = heads;
    this.#mark = bytes;
    this.#isExcused = this.#isPaused;
    this.#timer = setTimeout(() => this.#expired(), this.#spanMs());
  }

  pause(): void {
    this.#isPaused = true;
    this.#isExcused = true;
  }

  resume(): void {
    this.#isPaused = false;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #spanMs(): number {
    return this.#part === 'head' ? this.#patience.headTimeoutMs : this.#patience.bodyWindowMs;
  }

  #expired(): void {
    const timer = this.#timer;
    // When this process was busy, what it waits for may be here and not be read yet: that comes first.
    setImmediate(() => {
      if (this.#timer === timer && timer !== undefined) this.#judge(timer);
    });
  }

  #judge(timer: NodeJS.Timeout): void {
    const { headTimeoutMs, minBodyBytes, bodyWindowMs } = this.#patience;
    const { bytes } = this.#progress;
    const isMoving = this.#part === 'body' && bytes - this.#mark >= minBodyBytes;
    this.#mark = bytes;
    if (isMoving || this.#isExcused) {
      this.#isExcused = this.#isPaused;
      timer.refresh();
      return;
    }
    this.#timer = undefined;
    const what =
      this.#part === 'head'
        ? `the head was not complete after ${headTimeoutMs} ms`
        : `the body brought less than ${minBodyBytes} bytes in ${bodyWindowMs} ms`;
    this.#late(new TransportError('timeout', what));
  }
}
