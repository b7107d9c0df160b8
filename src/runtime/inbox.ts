import { AsyncQueue } from '../async/queue.ts';

/** What is told to stop and go on when a reader falls behind. */
export interface Flow {
  pause(): void;
  resume(): void;
}

const high = 64;
const low = 16;

/** The messages of a stream that wait for its reader. When too many wait, the sender is held back through `flow`. */
export class Inbox<T> implements AsyncIterableIterator<T> {
  readonly #queue: AsyncQueue<T>;
  readonly #flow: Flow;
  #paused = false;

  /** `onReturn` runs once, when the reader leaves early or has read the end. */
  constructor(flow: Flow, onReturn?: () => void) {
    this.#flow = flow;
    this.#queue = new AsyncQueue(onReturn);
  }

  push(value: T): void {
    this.#queue.push(value);
    if (this.#paused || this.#queue.size < high) return;
    this.#paused = true;
    this.#flow.pause();
  }

  end(): void {
    this.#queue.end();
  }

  fail(error: Error): void {
    this.#queue.fail(error);
  }

  next(): Promise<IteratorResult<T>> {
    const result = this.#queue.next();
    this.#resume(low);
    return result;
  }

  return(): Promise<IteratorResult<T>> {
    const result = this.#queue.return();
    this.#resume(0);
    return result;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #resume(limit: number): void {
    if (!this.#paused || this.#queue.size > limit) return;
    this.#paused = false;
    this.#flow.resume();
  }
}
