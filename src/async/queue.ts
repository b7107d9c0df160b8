/**
 * Hands values from callbacks to one `for await` loop. Values wait in order until they are read. `end` finishes the loop
 * after what is queued; `fail` throws there after what is queued. `onReturn` runs once, when the reader leaves or the end is read.
 */
export class AsyncQueue<T> implements AsyncIterableIterator<T> {
  #values: T[] = [];
  #waiting: Waiting<T> | undefined;
  #ended = false;
  #error: Error | undefined;
  /** One for all that are read: each message in the house passes through such a queue. */
  readonly #wait = (resolve: Waiting<T>['resolve'], reject: Waiting<T>['reject']): void => {
    const waiting = { resolve, reject };
    if (this.#ended) this.#finish(waiting);
    else this.#waiting = waiting;
  };
  readonly #onReturn: (() => void) | undefined;

  constructor(onReturn?: () => void) {
    this.#onReturn = onReturn;
  }

  /** How many values wait to be read. */
  get size(): number {
    return this.#values.length;
  }

  push(value: T): void {
    if (this.#ended) return;
    const waiting = this.#waiting;
    if (waiting === undefined) {
      this.#values.push(value);
      return;
    }
    this.#waiting = undefined;
    waiting.resolve({ done: false, value });
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) this.#finish(waiting);
  }

  fail(error: Error): void {
    if (this.#ended) return;
    this.#error = error;
    this.end();
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#values.length > 0) return Promise.resolve({ done: false, value: this.#values.shift() as T });
    return new Promise(this.#wait);
  }

  return(): Promise<IteratorResult<T>> {
    this.#values = [];
    this.#error = undefined;
    this.end();
    this.#onReturn?.();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #finish(waiting: Waiting<T>): void {
    const error = this.#error;
    this.#error = undefined;
    this.#onReturn?.();
    if (error === undefined) waiting.resolve({ done: true, value: undefined });
    else waiting.reject(error);
  }
}

type Waiting<T> = Omit<Resolvers<IteratorResult<T>>, 'promise'>;

export interface Resolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

/** What `Promise.withResolvers` does, which Node 20 lacks. */
export function withResolvers<T>(): Resolvers<T> {
  let resolve: (value: T) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
