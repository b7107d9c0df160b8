/** Tokens that are taken one by one and come back with time. */
class Allowance {
  readonly #most: number;
  readonly #perMs: number;
  #left: number;
  #at = 0;

  /** So many at once, and so many more each second. */
  constructor(most: number, perSecond: number) {
    this.#most = most;
    this.#perMs = perSecond / 1000;
    this.#left = most;
  }

  /** All of it is there again. */
  fill(): void {
    this.#left = this.#most;
  }

  /** False when there is none left. */
  take(): boolean {
    if (this.#left < 1) {
      const now = Date.now();
      this.#left = Math.min(this.#most, this.#left + (now - this.#at) * this.#perMs);
      this.#at = now;
      if (this.#left < 1) return false;
    } else if (this.#left === this.#most) this.#at = Date.now();
    this.#left -= 1;
    return true;
  }
}

/** For streams that the other side breaks off, or makes us break off: they are opened faster than they are served. */
export const resets = (): Allowance => new Allowance(1000, 500);

/** For frames that carry nothing, between two that do. They come back with time: who only asks now and then whether we are there may stay. */
export const idleFrames = (): Allowance => new Allowance(1000, 10);
