import type { Stream } from '../http2/http2.ts';
import type { Body } from '../transport/transport.ts';

/** As much is gathered before it is written without waiting for the end of the tick, in bytes. */
const gatheredBytes = 16 * 1024;
const prefixBytes = 5;

const nothing = Buffer.alloc(0);

/**
 * Writes the messages of one direction of a stream. Those of one tick are written as one piece: each piece is a frame of its own, which
 * costs as much as many small messages.
 */
export class FrameWriter {
  readonly #stream: Stream;
  #bodies: Body[] = [];
  #bytes = 0;
  #waits = false;

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  /** Says whether the other side keeps up; false: wait for the stream's `drain`. */
  write(body: Body): boolean {
    this.#bodies.push(body);
    this.#bytes += prefixBytes + (typeof body === 'string' ? Buffer.byteLength(body) : body.length);
    // Only who has written is told when there is room again.
    if (this.#bytes >= gatheredBytes || this.#stream.needsDrain) return this.flush();
    if (!this.#waits) {
      this.#waits = true;
      process.nextTick(later, this);
    }
    return true;
  }

  /** Writes what is gathered, and says whether the other side keeps up. */
  flush(): boolean {
    this.#waits = false;
    return this.#bytes === 0 || this.#stream.write(this.#gathered(), false);
  }

  /** Nothing more is said. */
  end(): void {
    this.#waits = false;
    this.#stream.write(this.#gathered(), true);
  }

  #gathered(): Buffer {
    if (this.#bytes === 0) return nothing;
    const piece = Buffer.allocUnsafe(this.#bytes);
    let at = 0;
    for (const body of this.#bodies) at = writeAt(piece, at, body);
    this.#bodies = [];
    this.#bytes = 0;
    return piece;
  }
}

const later = (writer: FrameWriter): void => void writer.flush();

function writeAt(piece: Buffer, at: number, body: Body): number {
  const start = at + prefixBytes;
  let length: number;
  if (typeof body === 'string') length = piece.write(body, start);
  else {
    piece.set(body, start);
    length = body.length;
  }
  piece[at] = 0;
  piece.writeUInt32BE(length, at + 1);
  return start + length;
}
