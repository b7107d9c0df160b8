import { TransportError } from '../transport.ts';
import type { Patience } from './limits.ts';
import type { Parser } from './parser.ts';

/** Watches over messages that began and did not end: connections that bring a byte now and then would be held open for nothing. */
export class Watch {
  readonly #patience: Patience;
  readonly #parser: Parser;
  readonly #late: (error: TransportError) => void;
  #timer: NodeJS.Timeout | undefined;
  /** What the timer is for. */
  #part: Parser['part'] = 'none';
  #head = 0;
  /** What had come when this window began. */
  #mark = 0;
  /** We don't read, or did not during a part of this window: it is us who are late. */
  #isPaused = false;
  #isExcused = false;

  constructor(parser: Parser, patience: Patience, late: (error: TransportError) => void) {
    this.#parser = parser;
    this.#patience = patience;
    this.#late = late;
  }

  /** To be called when all that came was read. */
  look(): void {
    const { part, heads, bytes } = this.#parser;
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
    const { bytes } = this.#parser;
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
