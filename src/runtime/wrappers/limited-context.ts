import type { Metadata } from '../../discovery/registry.ts';
import type { Context, ContextKey } from '../context.ts';
import { maxTimerMs, OwnedContext } from '../context.ts';

/** A context whose time is over earlier than its parent's. Whoever made it calls `end` when the work is done. */
export class LimitedContext implements Context {
  /** Called when its own time is over. */
  onLate: (() => void) | undefined;
  readonly deadline: number;
  readonly #parent: Context;
  readonly #own: OwnedContext;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(parent: Context, timeoutMs: number) {
    this.#parent = parent;
    this.deadline = Math.min(Date.now() + timeoutMs, parent.deadline ?? Number.POSITIVE_INFINITY);
    // Without a deadline: its timer could be first, and the handler's word about that the answer.
    this.#own = new OwnedContext({}, undefined, undefined, parent.signal);
    this.#timer = setTimeout(() => this.#late(), Math.min(timeoutMs, maxTimerMs));
  }

  get metadata(): Metadata {
    return this.#parent.metadata;
  }

  get signal(): AbortSignal {
    return this.#own.signal;
  }

  header(name: string): string | undefined {
    return this.#parent.header(name);
  }

  get<T>(key: ContextKey<T>): T | undefined {
    return this.#parent.get(key);
  }

  with<T>(key: ContextKey<T>, value: T): Context {
    return new ContextWith(this, this.#parent.with(key, value));
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#own.end();
  }

  #late(): void {
    this.onLate?.();
    this.#own.cancel(new DOMException('deadline exceeded', 'TimeoutError'));
  }
}

/** The values of one context, the time of another. */
class ContextWith implements Context {
  readonly #limits: Context;
  readonly #values: Context;

  constructor(limits: Context, values: Context) {
    this.#limits = limits;
    this.#values = values;
  }

  get metadata(): Metadata {
    return this.#values.metadata;
  }

  get deadline(): number | undefined {
    return this.#limits.deadline;
  }

  get signal(): AbortSignal {
    return this.#limits.signal;
  }

  header(name: string): string | undefined {
    return this.#values.header(name);
  }

  get<T>(key: ContextKey<T>): T | undefined {
    return this.#values.get(key);
  }

  with<T>(key: ContextKey<T>, value: T): Context {
    return new ContextWith(this.#limits, this.#values.with(key, value));
  }
}
