import type { Metadata } from '../discovery/registry.ts';
import { valueOf } from './metadata.ts';

/** Names a value that wrappers hand down to handlers. */
export interface ContextKey<T> {
  readonly id: symbol;
  readonly type?: T;
}

/** What surrounds one call: who asked, until when, and what wrappers added. */
export interface Context {
  /** What the caller sent along; look names up with `header`, which ignores case. */
  readonly metadata: Metadata;
  /** Milliseconds since the epoch, or undefined when nobody set a limit. Nested calls share it. */
  readonly deadline: number | undefined;
  /** Aborts at the deadline, when the caller goes away and when the server stops. */
  readonly signal: AbortSignal;
  header(name: string): string | undefined;
  get<T>(key: ContextKey<T>): T | undefined;
  /** A copy with one more value. */
  with<T>(key: ContextKey<T>, value: T): Context;
}

export interface ContextOptions {
  readonly metadata?: Metadata;
  /** Milliseconds since the epoch. */
  readonly deadline?: number | undefined;
  /** Aborts the context's signal too. */
  readonly signal?: AbortSignal;
}

/** A context to make calls with when no handler's is at hand. */
export const newContext = (options: ContextOptions = {}): Context =>
  new OwnedContext(options.metadata ?? {}, undefined, options.deadline, options.signal);

/** A new name; two keys of the same description are different keys. */
export const contextKey = <T>(description: string): ContextKey<T> => ({ id: Symbol(description) });

/** A context whose owner ends it. Most handlers never look at the signal, so it is made when it is first asked for. */
export class OwnedContext implements Context {
  readonly deadline: number | undefined;
  readonly #headers: Metadata;
  readonly #extra: Metadata | undefined;
  readonly #parent: AbortSignal | undefined;
  #metadata: Metadata | undefined;
  #controller: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #onParent: (() => void) | undefined;
  #reason: Error | undefined;
  #ended = false;

  /** `extra` is metadata beside `headers`; it wins. */
  constructor(headers: Metadata, extra: Metadata | undefined, deadline: number | undefined, parent?: AbortSignal) {
    this.#headers = headers;
    this.#extra = extra;
    this.#parent = parent;
    this.deadline = deadline;
  }

  get metadata(): Metadata {
    this.#metadata ??= this.#extra === undefined ? this.#headers : { ...this.#headers, ...this.#extra };
    return this.#metadata;
  }

  get signal(): AbortSignal {
    this.#controller ??= this.#open();
    return this.#controller.signal;
  }

  header(name: string): string | undefined {
    return valueOf(this.metadata, name);
  }

  get<T>(_key: ContextKey<T>): T | undefined {
    return undefined;
  }

  with<T>(key: ContextKey<T>, value: T): Context {
    return new ValueContext(this, key.id, value);
  }

  /** Aborts the signal, also one that is asked for later. */
  cancel(reason: Error): void {
    this.#reason ??= reason;
    this.#controller?.abort(this.#reason);
    this.#release();
  }

  /** The work is done: time and parent no longer matter. */
  end(): void {
    this.#ended = true;
    if (this.#controller !== undefined) this.#release();
  }

  #open(): AbortController {
    const controller = new AbortController();
    const parent = this.#parent;
    if (this.#reason !== undefined) controller.abort(this.#reason);
    else if (parent?.aborted === true) controller.abort(parent.reason);
    else if (!this.#ended) {
      if (parent !== undefined) {
        this.#onParent = () => controller.abort(parent.reason);
        parent.addEventListener('abort', this.#onParent, { once: true });
      }
      if (this.deadline !== undefined) {
        const leftMs = this.deadline - Date.now();
        if (leftMs <= 0) controller.abort(deadlineExceeded());
        else this.#timer = setTimeout(() => this.cancel(deadlineExceeded()), Math.min(leftMs, maxTimerMs)).unref();
      }
    }
    return controller;
  }

  #release(): void {
    clearTimeout(this.#timer);
    if (this.#onParent !== undefined) this.#parent?.removeEventListener('abort', this.#onParent);
  }
}

class ValueContext implements Context {
  readonly #parent: Context;
  readonly #id: symbol;
  readonly #value: unknown;

  constructor(parent: Context, id: symbol, value: unknown) {
    this.#parent = parent;
    this.#id = id;
    this.#value = value;
  }

  get metadata(): Metadata {
    return this.#parent.metadata;
  }

  get deadline(): number | undefined {
    return this.#parent.deadline;
  }

  get signal(): AbortSignal {
    return this.#parent.signal;
  }

  header(name: string): string | undefined {
    return this.#parent.header(name);
  }

  get<T>(key: ContextKey<T>): T | undefined {
    return key.id === this.#id ? (this.#value as T) : this.#parent.get(key);
  }

  with<T>(key: ContextKey<T>, value: T): Context {
    return new ValueContext(this, key.id, value);
  }
}

const deadlineExceeded = (): Error => new DOMException('deadline exceeded', 'TimeoutError');

/** The longest wait a Node timer can hold; it fires at once when asked for more. */
export const maxTimerMs: number = 2 ** 31 - 1;
