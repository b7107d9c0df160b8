import type { WebSocket } from 'ws';
import { TransportError } from '../transport.ts';

/** So many spans without a sign of life are too many. */
const maxSilent = 2;

/**
 * Finds out when the other side is gone without a word. Both sides send a ping in each span, asked or not: one that reads nothing for a
 * while, because its receiver pauses, can't answer, but it can say that it is there.
 */
export class Liveness {
  readonly #timer: NodeJS.Timeout;
  readonly #ws: WebSocket;
  #silent = 0;
  #isPaused = false;

  constructor(ws: WebSocket, pingMs: number, gone: (error: TransportError) => void) {
    this.#ws = ws;
    const heard = (): void => {
      this.#silent = 0;
    };
    for (const sign of ['message', 'ping', 'pong'] as const) ws.on(sign, heard);
    this.#timer = setInterval(() => {
      if (this.#silent >= maxSilent) {
        gone(new TransportError('timeout', `the other side gave no sign of life for ${maxSilent * pingMs} ms`));
        return;
      }
      // While we don't read, we can't hear.
      if (!this.#isPaused) this.#silent += 1;
      if (this.#ws.readyState === this.#ws.OPEN) this.#ws.ping();
    }, pingMs);
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#silent = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
