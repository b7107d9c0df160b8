import { setMaxListeners } from 'node:events';
import type { Alarm, Ringing } from '../../async/alarms.ts';
import { createAlarms } from '../../async/alarms.ts';
import type { MicroError } from '../errors.ts';
import { timeout } from '../errors.ts';
import type { CallOptions } from './client.ts';

const id = 'go.micro.client';
const minDialMs = 1000;
const maxDialMs = 5000;

/** Limits from here on may be told a twentieth late. They hardly ever are reached, and a timer for each is dear. */
const coarseMs = 2000;
const alarms = createAlarms();

/** The time one call has, for all its attempts, and whoever may call it off. One alarm or timer a call, and no controller. */
export class Budget implements Ringing {
  /** Milliseconds since the epoch; `Infinity` when nobody set a limit. */
  readonly expiresAt: number;
  /** Called when the time is over or a signal aborts: the way out of the exchange under way. */
  onOver: ((error: MicroError) => void) | undefined;
  #guards: Set<(error: MicroError) => void> | undefined;
  #error: MicroError | undefined;
  #canceled = false;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #alarm: Alarm | undefined;
  readonly #signals: readonly AbortSignal[];
  readonly #onAbort: (() => void) | undefined;

  /** Throws a 408 when the time is over already. */
  constructor(options: CallOptions, timeoutMs: number) {
    const { signal, context } = options;
    const now = Date.now();
    this.expiresAt = Math.min(now + timeoutMs, context?.deadline ?? Number.POSITIVE_INFINITY);
    if (!(this.expiresAt > now)) throw timeout(id, 'context deadline exceeded');
    this.#signals = signalsOf(signal, context?.signal);
    if (this.#signals.length > 0) {
      if (this.#signals.some(({ aborted }) => aborted)) throw timeout(id, 'context canceled');
      this.#onAbort = () => this.end('canceled');
      for (const each of this.#signals) {
        // One signal may be for any number of calls: that is no leak, as Node would warn.
        setMaxListeners(0, each);
        each.addEventListener('abort', this.#onAbort, { once: true });
      }
    }
    const limitMs = this.expiresAt - now;
    if (limitMs < coarseMs) this.#timer = setTimeout(expire, limitMs, this);
    else if (limitMs < Number.POSITIVE_INFINITY) this.#alarm = alarms.set(limitMs, this);
  }

  /** Why the call is over, as far as it is. */
  get error(): MicroError | undefined {
    return this.#error;
  }

  /** Whole milliseconds, at least 1: a time of 0 means "none" to some peers. */
  get leftMs(): number {
    return Math.max(1, Math.floor(this.expiresAt - Date.now()));
  }

  /** Whether it is over because somebody called it off. */
  get canceled(): boolean {
    return this.#canceled;
  }

  /** Milliseconds for an attempt to connect when nobody says: a host that is gone must leave time to ask another one. */
  get dialMs(): number {
    return Math.min(maxDialMs, Math.max(minDialMs, Math.ceil(this.leftMs / 2)));
  }

  ring(): void {
    this.end('deadline exceeded');
  }

  end(how: 'canceled' | 'deadline exceeded'): void {
    if (this.#error !== undefined) return;
    this.#canceled = how === 'canceled';
    this.#error = timeout(id, `call timeout: context ${how}`);
    this.onOver?.(this.#error);
    for (const reject of this.#guards ?? []) reject(this.#error);
  }

  /** What `promise` gives, unless the time is over first. What it gives later goes to `late`. */
  guard<T>(promise: Promise<T>, late?: (value: T) => void): Promise<T> {
    const guards = (this.#guards ??= new Set());
    return new Promise((resolve, reject) => {
      if (this.#error !== undefined) reject(this.#error);
      guards.add(reject);
      promise.then((value) => {
        guards.delete(reject);
        if (this.#error === undefined) resolve(value);
        else late?.(value);
      }, reject);
    });
  }

  release(): void {
    if (this.#alarm !== undefined) alarms.clear(this.#alarm);
    clearTimeout(this.#timer);
    this.onOver = undefined;
    if (this.#onAbort === undefined) return;
    for (const each of this.#signals) each.removeEventListener('abort', this.#onAbort);
  }
}

const expire = (budget: Budget): void => budget.ring();

const none: readonly AbortSignal[] = [];

const signalsOf = (one: AbortSignal | undefined, other: AbortSignal | undefined): readonly AbortSignal[] =>
  one === undefined && other === undefined ? none : [one, other].filter((signal) => signal !== undefined);
