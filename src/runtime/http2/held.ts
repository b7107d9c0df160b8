import type { Head } from './http2.ts';

export type HeldPiece =
  | { readonly kind: 'data'; readonly bytes: Buffer; readonly ends: boolean }
  | { readonly kind: 'head'; readonly head: Head; readonly ends: boolean };

/** Pieces up to this length are put together: one that comes byte by byte would cost a hundred times what it holds. */
const smallBytes = 512;

/** What came for a receiver that pauses, in order. */
export class Held {
  #pieces: HeldPiece[] = [];
  #at = 0;
  /** Small pieces that came last, put together; the buffer has room for more. */
  #buffer: Buffer | undefined;
  #length = 0;

  get isEmpty(): boolean {
    return this.#at === this.#pieces.length && this.#length === 0;
  }

  addHead(head: Head, ends: boolean): void {
    this.#seal(false);
    this.#pieces.push({ kind: 'head', head, ends });
  }

  addData(bytes: Buffer, ends: boolean): void {
    if (bytes.length > smallBytes) {
      this.#seal(false);
      this.#pieces.push({ kind: 'data', bytes, ends });
      return;
    }
    const length = this.#length + bytes.length;
    if (this.#buffer === undefined || length > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(2 * length, smallBytes));
      this.#buffer?.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
    bytes.copy(this.#buffer, this.#length);
    this.#length = length;
    if (ends) this.#seal(true);
  }

  /** The first piece, which is not held any more. */
  take(): HeldPiece | undefined {
    if (this.#at === this.#pieces.length) this.#seal(false);
    const piece = this.#pieces[this.#at];
    if (piece === undefined) return undefined;
    this.#at += 1;
    if (this.#at === this.#pieces.length) {
      this.#pieces = [];
      this.#at = 0;
    }
    return piece;
  }

  /** What was put together is a piece of its own. */
  #seal(ends: boolean): void {
    if (this.#buffer === undefined || (this.#length === 0 && !ends)) return;
    this.#pieces.push({ kind: 'data', bytes: this.#buffer.subarray(0, this.#length), ends });
    this.#buffer = undefined;
    this.#length = 0;
  }
}
