import { max31 } from './frame.ts';
import { Held } from './held.ts';
import { checkFields } from './hpack/encoder.ts';
import type { Ending, Fields, Head, Stream, StreamReceiver } from './http2.ts';
import { errorCode } from './http2.ts';
import type { Parent } from './parent.ts';

/** So much may wait for a window before we say that the other side does not keep up. */
const highWaterBytes = 32 * 1024;

const inOrder: Ending = { code: errorCode.noError, isUntouched: false };

export class LiveStream implements Stream {
  readonly id: number;
  readonly #parent: Parent;
  receiver: StreamReceiver;
  /** What the other side takes, and what it may send. */
  #window: number;
  #mayReceive: number;
  /** Read, and not yet told to the other side. */
  #consumed = 0;
  #queue: Buffer[] = [];
  #queuedBytes = 0;
  #trailers: { readonly constant: Fields; readonly more: Fields | undefined } | undefined;
  #saidHead = false;
  #saidAll = false;
  /** All was said and has left. */
  #sentAll = false;
  #isThirsty = false;
  #isWaiting = false;
  #isPaused = false;
  #isReset = false;
  /** Undefined until something is held back: most streams never pause. */
  #held: Held | undefined;
  #ending: Ending | undefined;
  /** The first head has come, and everything has. */
  heardHead = false;
  heardAll = false;
  /** By `content-length`. */
  #expected: number | undefined;
  #received = 0;

  constructor(parent: Parent, id: number, window: number, receiver: StreamReceiver) {
    this.#parent = parent;
    this.id = id;
    this.#window = window;
    this.#mayReceive = parent.streamWindowBytes;
    this.receiver = receiver;
  }

  get isSilent(): boolean {
    return this.#saidAll || this.#ending !== undefined;
  }

  get isSent(): boolean {
    return this.#sentAll || this.#ending !== undefined;
  }

  get isOver(): boolean {
    return this.#ending !== undefined;
  }

  get needsDrain(): boolean {
    return this.#queuedBytes > highWaterBytes || this.#parent.sender.isFull;
  }

  send(constant: Fields, more: Fields | undefined, ends: boolean): void {
    if (this.isSilent) return;
    const isLast = ends || this.#saidHead;
    if (this.#queuedBytes > 0) {
      checkFields(constant);
      if (more !== undefined) checkFields(more);
      this.#trailers = { constant, more };
      this.#saidAll = true;
      return;
    }
    this.#parent.sender.headers(this.id, constant, more, isLast);
    this.#saidHead = true;
    if (!isLast) return;
    this.#saidAll = true;
    this.#finishSending();
  }

  write(bytes: Buffer, ends: boolean): boolean {
    if (this.isSilent) return true;
    const { sender } = this.#parent;
    if (ends) this.#saidAll = true;
    const { length } = bytes;
    const room = Math.min(this.#window, sender.window, sender.maxFrameBytes);
    if (this.#queuedBytes === 0 && (length <= room || length === 0)) {
      if (length > 0 || ends) this.#sendData(bytes, ends);
      if (ends) this.#finishSending();
    } else if (length > 0) {
      this.#queue.push(bytes);
      this.#queuedBytes += length;
      if (this.#parent.queued(length)) this.pump();
    }
    if (!this.needsDrain) return true;
    this.#isThirsty = true;
    this.#wait();
    return false;
  }

  reset(code: number): void {
    if (this.#ending === undefined) {
      // Of a stream that nobody began the other side has never heard.
      if (this.#saidHead || this.heardHead) this.#parent.reset(this, code);
      this.#isReset = true;
      this.#conclude({ code, isUntouched: false });
    }
    this.#drop();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    while (!this.#isPaused) {
      const piece = this.#held?.take();
      if (piece === undefined) break;
      if (piece.kind === 'data') this.#hand(piece.bytes, piece.ends);
      else this.receiver.head(piece.head, piece.ends);
    }
    if (!this.#holds && this.#ending !== undefined) this.#tellClosed(this.#ending);
  }

  /** The other side ends it, or the connection does. */
  broken(ending: Ending): void {
    if (this.#ending !== undefined) return;
    this.#conclude(ending);
    this.receiver.aborted(ending);
    if (!this.#holds) this.#tellClosed(ending);
  }

  /** Takes a head or trailers that are well-formed. */
  takeHead(head: Head, ends: boolean, length: number | undefined): void {
    if (!this.heardHead) this.#expected = length;
    this.heardHead = true;
    if (this.#isPaused || this.#holds) (this.#held ??= new Held()).addHead(head, ends);
    else this.receiver.head(head, ends);
    if (ends) this.hearEnd();
  }

  /** Servers tell the first head themselves. */
  begin(length: number | undefined): void {
    this.heardHead = true;
    this.#expected = length;
  }

  /** Tells somebody else from now on; and at once that it was broken off, when that happened before he could be told. */
  adopt(receiver: StreamReceiver): void {
    if (this.#ending === undefined) this.receiver = receiver;
    else if (!this.#isReset) {
      receiver.aborted(this.#ending);
      receiver.closed(this.#ending);
    }
  }

  /** Takes a part of the window for what has come. False when there was more than was allowed. */
  admit(bytes: number): boolean {
    this.#mayReceive -= bytes;
    return this.#mayReceive >= 0;
  }

  takeData(bytes: Buffer, padding: number, ends: boolean): void {
    this.#received += bytes.length;
    if (padding > 0) this.#consume(padding);
    if (this.#isPaused || this.#holds) (this.#held ??= new Held()).addData(bytes, ends);
    else this.#hand(bytes, ends);
    if (ends) this.hearEnd();
  }

  /** What came is not as long as it said. */
  isLengthWrong(coming: number, ends: boolean): boolean {
    if (this.#expected === undefined) return false;
    const length = this.#received + coming;
    return ends ? length !== this.#expected : length > this.#expected;
  }

  /** The other side has said everything. */
  hearEnd(): void {
    this.heardAll = true;
    this.#settle();
  }

  /** False when the other side opens the window beyond all bounds. */
  widen(bytes: number): boolean {
    this.#window += bytes;
    if (this.#window > max31) return false;
    this.pump();
    return true;
  }

  /** Sends of what waits as much as the windows allow, and says when there is room again. */
  pump(): void {
    this.#isWaiting = false;
    const { sender } = this.#parent;
    while (this.#ending === undefined && this.#queue.length > 0) {
      const [first] = this.#queue;
      const room = Math.min(this.#window, sender.window, sender.maxFrameBytes);
      if (first === undefined || room <= 0) break;
      const part = first.length <= room ? first : first.subarray(0, room);
      if (part === first) this.#queue.shift();
      else this.#queue[0] = first.subarray(room);
      this.#queuedBytes -= part.length;
      this.#parent.queued(-part.length);
      this.#sendData(part, this.#saidAll && this.#queue.length === 0 && this.#trailers === undefined);
    }
    if (this.#ending !== undefined) return;
    if (this.#queue.length > 0) {
      if (this.#window > 0) this.#wait();
      return;
    }
    if (this.#saidAll && !this.#sentAll) {
      if (this.#trailers !== undefined) sender.headers(this.id, this.#trailers.constant, this.#trailers.more, true);
      this.#finishSending();
    }
    if (!this.#isThirsty) return;
    if (this.needsDrain) this.#wait();
    else {
      this.#isThirsty = false;
      this.receiver.drain();
    }
  }

  get #holds(): boolean {
    return this.#held?.isEmpty === false;
  }

  #wait(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#parent.wait(this);
  }

  #sendData(bytes: Buffer, ends: boolean): void {
    this.#window -= bytes.length;
    this.#parent.useful();
    this.#parent.sender.data(this.id, bytes, ends);
  }

  #finishSending(): void {
    this.#sentAll = true;
    this.#settle();
  }

  #settle(): void {
    if (this.#sentAll && this.heardAll && this.#ending === undefined) {
      this.#conclude(inOrder);
      if (!this.#holds) this.#tellClosed(inOrder);
    }
  }

  /** Nothing more goes in or out. */
  #conclude(ending: Ending): void {
    this.#ending = ending;
    this.#parent.queued(-this.#queuedBytes);
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#parent.remove(this);
  }

  #tellClosed(ending: Ending): void {
    const { receiver } = this;
    this.receiver = nobody;
    receiver.closed(ending);
  }

  #drop(): void {
    this.receiver = nobody;
    for (let piece = this.#held?.take(); piece !== undefined; piece = this.#held?.take()) {
      if (piece.kind === 'data') this.#parent.consumed(piece.bytes.length);
    }
  }

  #hand(bytes: Buffer, ends: boolean): void {
    this.receiver.data(bytes, ends);
    if (ends) this.#parent.consumed(bytes.length);
    else this.#consume(bytes.length);
  }

  /** The window is opened again in few large steps. */
  #consume(bytes: number): void {
    this.#parent.consumed(bytes);
    if (this.heardAll || this.#ending !== undefined) return;
    this.#consumed += bytes;
    if (this.#consumed < this.#parent.streamWindowBytes / 2) return;
    this.#mayReceive += this.#consumed;
    this.#parent.widen(this, this.#consumed);
    this.#consumed = 0;
  }
}

/** Whom a stream tells that nobody listens to. */
export const nobody: StreamReceiver = { head() {}, data() {}, drain() {}, aborted() {}, closed() {} };
