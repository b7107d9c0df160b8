import type { Socket as NetSocket } from 'node:net';

/** So much does not wait for the end of the turn. */
const firstChars = 2 * 1024;
const mostChars = 64 * 1024;

/**
 * What one connection is about to write. What is added in one turn of the event loop leaves together, since a write costs more than the
 * message in it, and before anything else is received, so a single message waits for nothing. When there is much, its first part
 * leaves early, for the other side to begin with, and each further part is twice as large.
 */
export class Outbox {
  readonly #net: NetSocket;
  #text = '';
  #fullChars = firstChars;
  #isWaiting = false;

  constructor(net: NetSocket) {
    this.#net = net;
  }

  /** Adds bytes, given as latin-1 text, and says whether the other side keeps up. */
  add(text: string): boolean {
    this.#text += text;
    if (!this.#isWaiting) {
      this.#isWaiting = true;
      wait(this);
    }
    if (this.#text.length >= this.#fullChars) {
      this.flush();
      this.#fullChars = Math.min(2 * this.#fullChars, mostChars);
    }
    return !this.#net.writableNeedDrain;
  }

  /** As `add`, for many bytes: they are not copied, and what waits leaves before them. */
  addLarge(bytes: Uint8Array): boolean {
    this.#net.cork();
    this.flush();
    const keepsUp = this.#net.write(bytes);
    this.#net.uncork();
    return keepsUp;
  }

  /** The turn is over. */
  endTurn(): void {
    this.#isWaiting = false;
    this.#fullChars = firstChars;
    this.flush();
  }

  flush(): void {
    if (this.#text === '') return;
    const text = this.#text;
    this.#text = '';
    if (this.#net.writable) this.#net.write(text, 'latin1');
  }
}

let waiting: Outbox[] = [];

function wait(outbox: Outbox): void {
  // A tick comes after the promises that are settled by now: what they lead to leaves in the same write.
  if (waiting.push(outbox) === 1) process.nextTick(flushAll);
}

function flushAll(): void {
  const all = waiting;
  waiting = [];
  for (const outbox of all) outbox.endTurn();
}
