import type { Socket } from 'node:net';
import { atTurnEnd, type Gatherer } from '../turn-end.ts';

/** What is gathered in one piece. Larger bytes are written as they are, without copying. */
const pieceBytes = 16 * 1024;
const largeBytes = 8 * 1024;
/** So many messages do not wait for the end of the turn. */
const firstMessages = 4;

const empty = Buffer.alloc(0);

/**
 * What a connection is about to write. What is added in one turn of the event loop leaves together, since a write costs more than the
 * message in it. When there is much, its first part leaves early and each further part is four times as large: the other side works on
 * the one while we write the next.
 */
export class Outbox implements Gatherer {
  readonly #socket: Socket;
  #piece: Buffer = empty;
  #start = 0;
  #end = 0;
  #isWaiting = false;
  #messages = 0;
  #fullMessages = firstMessages;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Where `reserve` found room. */
  get piece(): Buffer {
    return this.#piece;
  }

  /** Makes room for so many bytes at most and says where in `piece`. Follow it with `advance`. */
  reserve(bytes: number): number {
    if (!this.#isWaiting) {
      this.#isWaiting = true;
      atTurnEnd(this);
    }
    if (this.#end + bytes > this.#piece.length) {
      this.flush();
      this.#piece = Buffer.allocUnsafeSlow(Math.max(bytes, pieceBytes));
      this.#start = 0;
      this.#end = 0;
    }
    return this.#end;
  }

  /** What was reserved is written up to here. */
  advance(end: number): void {
    this.#end = end;
  }

  /** Adds bytes that are not changed any more. */
  add(bytes: Buffer): void {
    if (bytes.length >= largeBytes) {
      this.#socket.cork();
      this.flush();
      if (this.#socket.writable) this.#socket.write(bytes);
      this.#socket.uncork();
      return;
    }
    const at = this.reserve(bytes.length);
    bytes.copy(this.#piece, at);
    this.#end = at + bytes.length;
  }

  /** A message, or an answer, is complete. */
  endMessage(): void {
    this.#messages += 1;
    if (this.#messages < this.#fullMessages) return;
    this.flush();
    this.#messages = 0;
    this.#fullMessages *= 4;
  }

  /** The turn is over. */
  endTurn(): void {
    this.#isWaiting = false;
    this.#messages = 0;
    this.#fullMessages = firstMessages;
    this.flush();
  }

  flush(): void {
    if (this.#start === this.#end) return;
    const bytes = this.#piece.subarray(this.#start, this.#end);
    this.#start = this.#end;
    if (this.#socket.writable) this.#socket.write(bytes);
  }
}
