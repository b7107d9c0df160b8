import { setImmediate as nextTurn } from 'node:timers/promises';

/** A turn with so many steps is still short, and the rest of a turn costs little beside them. */
const stepsATurn = 128;

/**
 * Keeps a loop from having the event loop to itself. One that awaits only what has settled already never lets anything else happen:
 * no timer, no message, nor the news that nobody listens any more. For steps that are many and short: it does not look at the clock, as
 * `breather` does.
 */
export class Pace {
  #steps = 0;

  /** To be called once a step: now and then what to wait for before the next one. */
  step(): Promise<void> | undefined {
    this.#steps += 1;
    return this.#steps % stepsATurn === 0 ? nextTurn() : undefined;
  }
}
