export type BreakerState = 'closed' | 'open' | 'half-open';

/** What a call says of the service it went to. `neither`: it never got there, or its caller gave up. */
export type Outcome = 'success' | 'failure' | 'neither';

export interface BreakerSettings {
  /** So many failures in a row open it. */
  readonly failures: number;
  /** How long it stays open before a call probes, in milliseconds. */
  readonly openMs: number;
}

/** Counts failures in a row; too many, and nobody gets through until a probe succeeds. */
export class Breaker {
  readonly #settings: BreakerSettings;
  #state: BreakerState = 'closed';
  #failures = 0;
  #openedAt = 0;
  #since: number = Date.now();
  /** Grows with each change of state: what calls of an earlier state report counts no more. */
  #generation = 0;

  constructor(settings: BreakerSettings) {
    this.#settings = settings;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Milliseconds since the epoch: when it took its state. */
  get since(): number {
    return this.#since;
  }

  /** Nothing is known of it that a new one would not know. */
  get isIdle(): boolean {
    return this.#state === 'closed' && this.#failures === 0;
  }

  /** A ticket to hand back with the outcome, or undefined: nobody gets through now. */
  enter(): number | undefined {
    switch (this.#state) {
      case 'closed':
        return this.#generation;
      case 'open':
        if (performance.now() - this.#openedAt < this.#settings.openMs) return undefined;
        this.#become('half-open');
        return this.#generation;
      case 'half-open':
        // One probe is under way, and it ends: every call does.
        return undefined;
      default:
        return this.#state satisfies never;
    }
  }

  leave(ticket: number, outcome: Outcome): void {
    if (ticket !== this.#generation) return;
    switch (outcome) {
      case 'success':
        this.#failures = 0;
        if (this.#state === 'half-open') this.#become('closed');
        return;
      case 'failure':
        this.#failures += 1;
        if (this.#state === 'half-open' || this.#failures >= this.#settings.failures) this.#open();
        return;
      case 'neither':
        // The next call is the probe.
        if (this.#state === 'half-open') this.#become('open');
        return;
      default:
        outcome satisfies never;
    }
  }

  #open(): void {
    this.#openedAt = performance.now();
    this.#become('open');
  }

  #become(state: BreakerState): void {
    this.#state = state;
    this.#since = Date.now();
    this.#failures = 0;
    this.#generation += 1;
  }
}
