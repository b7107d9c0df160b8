import type { Socket as NetSocket } from 'node:net';

/** What waits is written at once when it is as long as this. */
const fullChars = 64 * 1024;

/**
 * What one connection is about to write. All that is added in one turn of the event loop leaves in one write: a write costs more than
 * the message in it. It leaves before anything else is received, so a single message waits for nothing.
 */
export class Outbox {
  readonly #net: NetSocket;
  #text = '';
  #isWaiting = false;

  constructor(net: NetSocket) {
    this.#net = net;
  }

  /** Adds bytes, given as latin-1 text, and says whether the other side keeps up. */
  add(text: string): boolean {
    this.#text += text;
    if (this.#text.length >= fullChars) this.flush();
    else if (!this.#isWaiting) {
      this.#isWaiting = true;
      wait(this);
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

  flush(): void {
    this.#isWaiting = false;
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
  for (const outbox of all) outbox.flush();
}
