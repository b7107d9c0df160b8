import type { Socket } from 'node:net';
import {
  defaultWindowBytes,
  flag,
  frameHeadBytes,
  frameKind,
  max31,
  minMaxFrameBytes,
  writeFrameHead,
} from './frame.ts';
import { HpackEncoder } from './hpack/encoder.ts';
import type { Fields } from './http2.ts';
import { Outbox } from './outbox.ts';

/** Writes the frames of one connection, in the order of the calls. */
export class Sender {
  readonly #socket: Socket;
  readonly #outbox: Outbox;
  readonly #encoder = new HpackEncoder();
  /** What the other side takes of all streams together. */
  window: number = defaultWindowBytes;
  /** What it takes in one frame. */
  maxFrameBytes: number = minMaxFrameBytes;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#outbox = new Outbox(socket);
  }

  /** The socket takes no more for now. */
  get isFull(): boolean {
    return this.#socket.writableNeedDrain;
  }

  /** As it is. */
  raw(bytes: Buffer): void {
    this.#outbox.add(bytes);
  }

  /** A head or trailers. Throws a `TransportError` (`invalid`) for what is no field, and has written nothing then. */
  headers(stream: number, constant: Fields, more: Fields | undefined, ends: boolean): void {
    const most = this.#encoder.measure(constant, more);
    if (most > minMaxFrameBytes) {
      this.#longHeaders(stream, constant, more, ends, most);
      return;
    }
    const at = this.#outbox.reserve(frameHeadBytes + most);
    const { piece } = this.#outbox;
    const end = this.#encoder.write(piece, at + frameHeadBytes, constant, more);
    const flags = ends ? flag.endHeaders | flag.endStream : flag.endHeaders;
    writeFrameHead(piece, at, end - at - frameHeadBytes, frameKind.headers, flags, stream);
    this.#outbox.advance(end);
    if (ends) this.#outbox.endMessage();
  }

  /** A part of the bytes, which the windows and the frame allow. */
  data(stream: number, bytes: Buffer, ends: boolean): void {
    this.window -= bytes.length;
    const at = this.#outbox.reserve(frameHeadBytes);
    writeFrameHead(this.#outbox.piece, at, bytes.length, frameKind.data, ends ? flag.endStream : 0, stream);
    this.#outbox.advance(at + frameHeadBytes);
    this.#outbox.add(bytes);
    this.#outbox.endMessage();
  }

  /** A frame of one or two numbers of 32 bits. */
  numbers(kind: number, stream: number, first: number, second?: number): void {
    const length = second === undefined ? 4 : 8;
    const at = this.#outbox.reserve(frameHeadBytes + length);
    const { piece } = this.#outbox;
    writeFrameHead(piece, at, length, kind, 0, stream);
    let end = piece.writeUInt32BE(first, at + frameHeadBytes);
    if (second !== undefined) end = piece.writeUInt32BE(second, end);
    this.#outbox.advance(end);
  }

  /** The answer to a ping. */
  pong(payload: Buffer): void {
    const at = this.#outbox.reserve(frameHeadBytes + payload.length);
    writeFrameHead(this.#outbox.piece, at, payload.length, frameKind.ping, flag.ack, 0);
    payload.copy(this.#outbox.piece, at + frameHeadBytes);
    this.#outbox.advance(at + frameHeadBytes + payload.length);
  }

  /** False when the other side opens the window beyond all bounds. */
  widen(bytes: number): boolean {
    this.window += bytes;
    return this.window <= max31;
  }

  limitTable(bytes: number): void {
    this.#encoder.limitTable(bytes);
  }

  flush(): void {
    this.#outbox.flush();
  }

  #longHeaders(stream: number, constant: Fields, more: Fields | undefined, ends: boolean, most: number): void {
    const block = Buffer.allocUnsafe(most);
    const length = this.#encoder.write(block, 0, constant, more);
    for (let from = 0; from < length || from === 0; from += minMaxFrameBytes) {
      const part = block.subarray(from, Math.min(length, from + minMaxFrameBytes));
      const isFirst = from === 0;
      const isLast = from + part.length === length;
      const flags = (isLast ? flag.endHeaders : 0) | (isFirst && ends ? flag.endStream : 0);
      const at = this.#outbox.reserve(frameHeadBytes);
      const kind = isFirst ? frameKind.headers : frameKind.continuation;
      writeFrameHead(this.#outbox.piece, at, part.length, kind, flags, stream);
      this.#outbox.advance(at + frameHeadBytes);
      this.#outbox.add(part);
    }
    this.#outbox.endMessage();
  }
}
