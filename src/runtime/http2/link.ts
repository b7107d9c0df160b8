import type { Socket } from 'node:net';
import { TransportError } from '../transport/transport.ts';
import { endingOf } from './ending.ts';
import { idleFrames, resets } from './flood.ts';
import { defaultWindowBytes, frameKind, Http2Error, max31 } from './frame.ts';
import type { Connection, ConnectionOwner, Ending, Fields, Head, Limits, StreamReceiver } from './http2.ts';
import { errorCode, nameOfCode } from './http2.ts';
import { Sender } from './sender.ts';
import type { Settings } from './settings.ts';
import { settingsFrame } from './settings.ts';
import type { Child, Parent } from './parent.ts';
import { LiveStream, nobody } from './stream.ts';
import { StreamTable } from './stream-table.ts';

/** How long the other side may take to hear that it is over, in milliseconds. */
const lingerMs = 500;

/** The life of a connection: its streams, its windows, and its end. What comes is understood by `Reader`. */
export class Link implements Connection, Parent {
  readonly sender: Sender;
  readonly streamWindowBytes: number;
  readonly limits: Limits;
  readonly isServer: boolean;
  readonly owner: ConnectionOwner;
  readonly table: StreamTable<LiveStream> = new StreamTable();
  heard = 0;
  isOver = false;
  isRetired = false;
  /** The last stream somebody opened. */
  lastStream = 0;
  /** Windows of new streams. */
  #theirWindow = defaultWindowBytes;
  /** What the other side may still send, and what was read and not yet told. */
  #mayReceive: number;
  #consumed = 0;
  #queuedBytes = 0;
  #waiting: Child[] = [];
  readonly #socket: Socket;
  readonly #resets = resets();
  readonly #idleFrames = idleFrames();
  /** The last streams we broke off, whose frames may still be on their way. */
  readonly #dropped: number[] = [];
  #error: Error | undefined;
  #linger: NodeJS.Timeout | undefined;

  constructor(socket: Socket, isServer: boolean, owner: ConnectionOwner, limits: Limits) {
    this.#socket = socket;
    this.isServer = isServer;
    this.owner = owner;
    this.limits = limits;
    this.sender = new Sender(socket);
    this.streamWindowBytes = limits.streamWindowBytes;
    this.#mayReceive = limits.connectionWindowBytes;
    this.lastStream = isServer ? 0 : -1;
    socket.on('end', () => this.#lost(undefined));
    socket.on('error', (error) => this.#lost(error));
    socket.on('close', () => this.#closed());
    socket.on('drain', () => this.pump());
  }

  /** Says what we take. */
  greet(): void {
    const { streamWindowBytes, connectionWindowBytes, maxStreams, maxHeadBytes } = this.limits;
    const own = { windowBytes: streamWindowBytes, maxHeadBytes, maxStreams: this.isServer ? maxStreams : undefined };
    this.sender.raw(settingsFrame(own));
    const more = connectionWindowBytes - defaultWindowBytes;
    if (more > 0) this.sender.numbers(frameKind.windowUpdate, 0, more);
    this.sender.flush();
  }

  get streams(): number {
    return this.table.size;
  }

  open(receiver: StreamReceiver): LiveStream {
    if (this.isOver || this.isRetired) throw new TransportError('unreachable', 'the connection is closed');
    this.lastStream += 2;
    const stream = this.add(this.lastStream, receiver);
    if (this.lastStream >= max31 - 2) this.#stopOpening();
    return stream;
  }

  add(id: number, receiver: StreamReceiver = nobody): LiveStream {
    const stream = new LiveStream(this, id, this.#theirWindow, receiver);
    this.table.add(stream);
    return stream;
  }

  retire(): void {
    if (this.isOver) return;
    if (!this.isRetired && this.isServer) this.#goaway(errorCode.noError);
    this.isRetired = true;
    this.#leaveIfEmpty();
  }

  destroy(code: number = errorCode.noError): void {
    this.end(code, undefined, 'the connection was ended on this side');
  }

  /** The other side broke a rule. */
  fail(error: Http2Error): void {
    this.end(error.code, error, error.message);
  }

  /** Ends everything, and says why. */
  end(code: number, error: Error | undefined, reason: string): void {
    if (this.isOver) {
      this.#hangUp();
      return;
    }
    this.#error = error;
    this.#goaway(code);
    this.#stop({ code, isUntouched: false, reason });
    this.#hangUp();
  }

  /** The other side takes no streams after `last`. */
  dismissed(last: number, code: number): void {
    if (code !== errorCode.noError) {
      this.#error ??= new Http2Error(code, `the other side ended the connection: ${nameOfCode(code)}`);
    }
    if (this.isServer) {
      // Who takes his leave and asks again all the same shall know what was not taken.
      this.retire();
      return;
    }
    this.#stopOpening();
    for (const stream of this.table.all()) {
      if (stream.id > last) stream.broken({ code: errorCode.refusedStream, isUntouched: true });
    }
    this.#leaveIfEmpty();
  }

  apply(settings: Settings): void {
    const { smallestTableBytes, tableBytes, maxFrameBytes, windowBytes, maxStreams } = settings;
    if (smallestTableBytes !== undefined) this.sender.limitTable(smallestTableBytes);
    if (tableBytes !== undefined) this.sender.limitTable(tableBytes);
    if (maxFrameBytes !== undefined) this.sender.maxFrameBytes = maxFrameBytes;
    if (maxStreams !== undefined) this.owner.limited?.(maxStreams);
    if (windowBytes === undefined) return;
    const more = windowBytes - this.#theirWindow;
    this.#theirWindow = windowBytes;
    for (const stream of this.table.all()) {
      if (!stream.widen(more)) throw new Http2Error(errorCode.flowControlError, 'a window beyond all bounds');
    }
  }

  /** Takes a part of the window for what has come. */
  admit(bytes: number): void {
    this.#mayReceive -= bytes;
    if (this.#mayReceive < 0)
      throw new Http2Error(errorCode.flowControlError, 'more than the window of the connection');
  }

  consumed(bytes: number): void {
    this.#consumed += bytes;
    if (this.#consumed < this.limits.connectionWindowBytes / 2 || this.isOver) return;
    this.#mayReceive += this.#consumed;
    this.sender.numbers(frameKind.windowUpdate, 0, this.#consumed);
    this.#consumed = 0;
  }

  widen(stream: Child, bytes: number): void {
    if (!this.isOver) this.sender.numbers(frameKind.windowUpdate, stream.id, bytes);
  }

  reset(stream: Child, code: number): void {
    this.refuse(stream.id, code);
  }

  /** Breaks a stream off that is not, or no more, in the table. */
  refuse(id: number, code: number): void {
    if (this.isOver) return;
    if (this.#dropped.push(id) > maxDropped) this.#dropped.shift();
    this.sender.numbers(frameKind.rstStream, id, code);
  }

  wasDropped(id: number): boolean {
    return this.#dropped.includes(id);
  }

  /** A stream breaks the rules: only it ends. */
  condemn(stream: LiveStream, code: number, reason: string): void {
    this.countReset();
    this.refuse(stream.id, code);
    stream.broken({ code, isUntouched: false, reason });
  }

  countReset(): void {
    if (!this.#resets.take()) throw new Http2Error(errorCode.enhanceYourCalm, 'too many streams are broken off');
  }

  /** A frame that carries nothing. */
  countIdle(): void {
    if (!this.#idleFrames.take()) throw new Http2Error(errorCode.enhanceYourCalm, 'frames that carry nothing');
    this.checkWaiting();
  }

  useful(): void {
    this.#idleFrames.fill();
  }

  /** Answers wait to be read. */
  checkWaiting(): boolean {
    if (this.isOver) return false;
    if (this.#queuedBytes + this.#socket.writableLength <= this.limits.maxWaitingBytes) return true;
    const text = 'too much waits to be read';
    this.end(errorCode.enhanceYourCalm, new Http2Error(errorCode.enhanceYourCalm, text), text);
    return false;
  }

  queued(bytes: number): boolean {
    this.#queuedBytes += bytes;
    return bytes <= 0 || this.checkWaiting();
  }

  wait(stream: Child): void {
    this.#waiting.push(stream);
  }

  pump(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const stream of waiting) stream.pump();
  }

  remove(stream: Child): void {
    this.table.remove(stream.id);
    this.#leaveIfEmpty();
  }

  /** Somebody opened a stream. */
  accept(stream: LiveStream, head: Head, ends: boolean): void {
    const receiver = this.owner.stream?.(stream, head, ends);
    if (receiver !== undefined) stream.adopt(receiver);
    if (ends) stream.hearEnd();
  }

  /** Says no to a request without troubling the owner. */
  answer(stream: LiveStream, fields: Fields): void {
    stream.send(fields, undefined, true);
    stream.reset(errorCode.noError);
  }

  #stopOpening(): void {
    if (this.isRetired) return;
    this.isRetired = true;
    this.owner.retired?.();
  }

  #goaway(code: number): void {
    this.sender.numbers(frameKind.goaway, 0, this.isServer ? this.lastStream : 0, code);
  }

  #leaveIfEmpty(): void {
    if (!this.isRetired || this.isOver || this.table.size > 0) return;
    this.isOver = true;
    if (this.isServer) {
      // Answers may wait for a slow reader: he has as long as the owner is patient.
      this.sender.flush();
      this.#socket.end(() => this.#hangUp());
    } else {
      this.#goaway(errorCode.noError);
      this.#hangUp();
    }
  }

  /** The connection is gone. */
  #lost(error: Error | undefined): void {
    this.#error ??= error;
    this.#stop(endingOf(this.#error));
    this.#hangUp();
  }

  #stop(ending: Ending): void {
    if (this.isOver) return;
    this.isOver = true;
    // Before anybody hears of a failure, and looks for a connection to try it again.
    this.#stopOpening();
    for (const stream of this.table.all()) stream.broken(ending);
  }

  /** What was written still leaves. */
  #hangUp(): void {
    this.sender.flush();
    if (this.#linger !== undefined || this.#socket.destroyed) return;
    this.#linger = setTimeout(() => this.#socket.destroy(), lingerMs);
    this.#socket.end();
  }

  #closed(): void {
    clearTimeout(this.#linger);
    this.#stop(endingOf(this.#error));
    this.owner.closed(this.#error);
  }
}

const maxDropped = 256;
