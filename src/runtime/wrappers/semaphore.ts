import type { Limits } from './limits.ts';
import { canceled, late, listen, tooMany } from './limits.ts';

/** Lets so many in at a time; the others wait in line, as far as there is one. */
export class Semaphore {
  readonly #max: number;
  readonly #maxWaiting: number;
  #inside = 0;
  readonly #line: Set<() => void> = new Set();

  constructor(max: number, maxWaiting: number) {
    if (!(max >= 1)) throw new Error(`a limit of ${max} at a time lets nothing through`);
    this.#max = max;
    this.#maxWaiting = maxWaiting;
  }

  /** At once, if there is room. Whoever is in must `leave`. */
  enter(): boolean {
    if (this.#inside >= this.#max) return false;
    this.#inside += 1;
    return true;
  }

  /** Waits in line. Rejects with a 429 when the line is full, with a 408 when the time is over or a signal aborts. */
  wait({ id, leftMs, signals }: Limits): Promise<void> {
    if (this.#line.size >= this.#maxWaiting) return Promise.reject(tooMany(id, 'too many requests at once'));
    return new Promise((resolve, reject) => {
      const settle = (how: () => void): void => {
        this.#line.delete(called);
        clearTimeout(timer);
        forget();
        how();
      };
      const called = (): void => settle(resolve);
      const timer = setTimeout(() => settle(() => reject(late(id))), Math.max(0, leftMs));
      let forget = (): void => {};
      this.#line.add(called);
      forget = listen(signals, () => settle(() => reject(canceled(id))));
    });
  }

  /** The place goes to whoever waits longest. */
  leave(): void {
    for (const called of this.#line) {
      called();
      return;
    }
    this.#inside -= 1;
  }
}
