/**
 * Hands values from callbacks to one `for await` loop. Values wait in order until they are read. `end` finishes the loop
 * after what is queued; `fail` throws there after what is queued. `onReturn` runs once, when the reader leaves or the end is read.
 */
export class AsyncQueue<T> implements AsyncIterableIterator<T> {
  #values: T[] = [];
  #waiting: Resolvers<IteratorResult<T>> | undefined;
  #ended = false;
  #error: Error | undefined;
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
    if (this.#waiting === undefined) this.#values.push(value);
    else this.#settle((waiting) => waiting.resolve({ done: false, value }));
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#settle((waiting) => this.#finish(waiting));
  }

  fail(error: Error): void {
    if (this.#ended) return;
    this.#error = error;
    this.end();
  }

  next(): Promise<IteratorResult<T>> {
    const waiting = withResolvers<IteratorResult<T>>();
    if (this.#values.length > 0) waiting.resolve({ done: false, value: this.#values.shift() as T });
    else if (this.#ended) this.#finish(waiting);
    else this.#waiting = waiting;
    return waiting.promise;
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

  #settle(how: (waiting: Resolvers<IteratorResult<T>>) => void): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) how(waiting);
  }

  #finish(waiting: Resolvers<IteratorResult<T>>): void {
    const error = this.#error;
    this.#error = undefined;
    this.#onReturn?.();
    if (error === undefined) waiting.resolve({ done: true, value: undefined });
    else waiting.reject(error);
  }
}

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
