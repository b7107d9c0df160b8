/** Tokens that come in steadily and are kept up to a limit. It is full at first. */
export class TokenBucket {
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #at: number = performance.now();

  /** Throws when it could never give a token. */
  constructor(perSecond: number, burst: number) {
    if (!(perSecond >= 0) || !(burst >= 1)) {
      throw new Error(`a bucket of ${burst} tokens that gains ${perSecond} a second can never give one`);
    }
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
    this.#tokens = burst;
  }

  /** Takes a token, if there is one. */
  take(): boolean {
    this.#fill();
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Takes a token that is still to come, and tells in how many milliseconds; undefined, and nothing is taken, when in more than `maxMs`. */
  reserve(maxMs: number): number | undefined {
    this.#fill();
    const waitMs = this.#tokens >= 1 ? 0 : (1 - this.#tokens) / this.#perMs;
    if (waitMs > maxMs) return undefined;
    this.#tokens -= 1;
    return waitMs;
  }

  /** Puts tokens, or a part of one, in. */
  add(tokens: number): void {
    this.#fill();
    this.#tokens = Math.min(this.#burst, this.#tokens + tokens);
  }

  #fill(): void {
    const now = performance.now();
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#at) * this.#perMs);
    this.#at = now;
  }
}
