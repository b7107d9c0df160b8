/** More of them are joined, so that no step has to join them all. */
const most = 4_096;

/** A long text that is put together of small pieces. */
export class Pieces {
  readonly #joined: string[] = [];
  #pieces: string[] = [];

  add(piece: string): void {
    if (this.#pieces.push(piece) < most) return;
    this.#joined.push(this.#pieces.join(''));
    this.#pieces = [];
  }

  get text(): string {
    return this.#joined.join('') + this.#pieces.join('');
  }
}
