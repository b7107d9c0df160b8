/**
 * A server on nghttp2, as Node's, takes a thousand resets and then 33 a second for an attack and ends the connection. So many may still be
 * called off on a connection when we have moved on to another: what still runs there.
 */
const spare = 150;
const atOnce = 1000 - spare;
const perMs = 0.03;

/** Counts the streams that are called off on one connection. */
export class Resets {
  #count = 0;
  #at = 0;

  /** One more. False when it is time to move on. */
  add(): boolean {
    const now = Date.now();
    this.#count = Math.max(0, this.#count - (now - this.#at) * perMs) + 1;
    this.#at = now;
    return this.#count < atOnce;
  }
}
