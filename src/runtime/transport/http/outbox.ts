import type { Socket as NetSocket } from 'node:net';
import { atTurnEnd, type Gatherer } from '../../turn-end.ts';

/** So many messages, or so many bytes, do not wait for the end of the turn. */
const firstMessages = 4;
const mostChars = 64 * 1024;

/**
 * What one connection is about to write. What is added in one turn of the event loop leaves together, since a write costs more than the
 * message in it, and before anything else is received, so a single message waits for nothing. When there is much, its first part
 * leaves early, and each further part is four times as large: the other side works on the one while we write the next.
 */
export class Outbox implements Gatherer {
  readonly #net: NetSocket;
  #text = '';
  #messages = 0;
  #fullMessages = firstMessages;
  #isWaiting = false;

  constructor(net: NetSocket) {
    this.#net = net;
  }

  /** Adds bytes, given as latin-1 text, and says whether the other side keeps up. */
  add(text: string): boolean {
    this.#text += text;
    if (!this.#isWaiting) {
      this.#isWaiting = true;
      atTurnEnd(this);
    }
    this.#messages += 1;
    if (this.#messages >= this.#fullMessages || this.#text.length >= mostChars) {
      this.flush();
      this.#messages = 0;
      this.#fullMessages *= 4;
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
    this.#messages = 0;
    this.#fullMessages = firstMessages;
    this.flush();
  }

  flush(): void {
    if (this.#text === '') return;
    const text = this.#text;
    this.#text = '';
    if (this.#net.writable) this.#net.write(text, 'latin1');
  }
}
