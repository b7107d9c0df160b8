import { flag, frameKind, Http2Error, preface } from './frame.ts';
import { FrameCutter } from './frame-cutter.ts';
import type { Heading } from './head.ts';
import { answerProblem, requestProblem, trailersProblem } from './head.ts';
import { HeadingReader, priorityBytes, unpadded } from './heading-reader.ts';
import type { Fields } from './http2.ts';
import { errorCode } from './http2.ts';
import type { Link } from './link.ts';
import { readSettings, settingsAck } from './settings.ts';
import type { LiveStream } from './stream.ts';

const tooLarge: Fields = [':status', '431'];

/** Understands what comes on a connection, and holds the other side to the rules. */
export class Reader {
  readonly #link: Link;
  readonly #cutter = new FrameCutter();
  readonly #headings: HeadingReader;
  #needsPreface: boolean;
  #isOpened = false;

  constructor(link: Link) {
    this.#link = link;
    this.#headings = new HeadingReader(link.limits);
    this.#needsPreface = link.isServer;
  }

  read(chunk: Buffer): void {
    const link = this.#link;
    if (link.isOver) return;
    link.heard += 1;
    this.#cutter.push(chunk);
    try {
      if (this.#needsPreface) {
        if (!this.#cutter.skip(preface)) return;
        this.#needsPreface = false;
      }
      while (!link.isOver && this.#cutter.next()) this.#frame();
    } catch (error) {
      if (!(error instanceof Http2Error)) throw error;
      link.fail(error);
    }
  }

  #frame(): void {
    const { kind, stream } = this.#cutter;
    if (!this.#isOpened && kind !== frameKind.settings) throw protocolError('settings must come first');
    if (this.#headings.stream !== 0 && (kind !== frameKind.continuation || stream !== this.#headings.stream)) {
      throw protocolError('a head is broken off by another frame');
    }
    switch (kind) {
      case frameKind.data:
        this.#data();
        break;
      case frameKind.headers:
        this.#headers();
        break;
      case frameKind.priority:
        this.#priority();
        break;
      case frameKind.rstStream:
        this.#rstStream();
        break;
      case frameKind.settings:
        this.#settings();
        break;
      case frameKind.pushPromise:
        throw protocolError('a push that was not asked for');
      case frameKind.ping:
        this.#ping();
        break;
      case frameKind.goaway:
        this.#goaway();
        break;
      case frameKind.windowUpdate:
        this.#windowUpdate();
        break;
      case frameKind.continuation:
        this.#link.countIdle();
        this.#heading(this.#headings.continuation(this.#cutter));
        break;
      default:
        // Frames nobody knows are left alone.
        this.#link.countIdle();
    }
  }

  #data(): void {
    const { payload, flags } = this.#cutter;
    const link = this.#link;
    const stream = this.#known();
    link.admit(payload.length);
    const bytes = unpadded(payload, flags);
    const ends = (flags & flag.endStream) !== 0;
    if (bytes.length > 0) link.useful();
    else link.countIdle();
    if (stream === undefined || stream.heardAll || !stream.heardHead) {
      link.consumed(payload.length);
      this.#misplaced(stream);
      return;
    }
    const isTooMuch = !stream.admit(payload.length);
    if (isTooMuch || stream.isLengthWrong(bytes.length, ends)) {
      link.consumed(payload.length);
      const code = isTooMuch ? errorCode.flowControlError : errorCode.protocolError;
      link.condemn(stream, code, isTooMuch ? 'more than its window' : 'not as long as it said');
      return;
    }
    stream.takeData(bytes, payload.length - bytes.length, ends);
  }

  /** Data where there should be none. */
  #misplaced(stream: LiveStream | undefined): void {
    const link = this.#link;
    const id = this.#cutter.stream;
    if (stream !== undefined) {
      const code = stream.heardAll ? errorCode.streamClosed : errorCode.protocolError;
      link.condemn(stream, code, stream.heardAll ? 'data after the end' : 'data before the head');
    } else if (!link.wasDropped(id) && !(link.isServer && link.isRetired)) {
      link.countReset();
      link.refuse(id, errorCode.streamClosed);
    }
  }

  #headers(): void {
    const link = this.#link;
    const { stream: id } = this.#cutter;
    if (id === 0 || id % 2 === 0) throw protocolError(`a head on stream ${id}`);
    if (!link.isServer && id > link.lastStream) throw protocolError('an answer to nothing');
    this.#heading(this.#headings.headers(this.#cutter));
  }

  #heading(heading: Heading | undefined): void {
    if (heading === undefined) return;
    const link = this.#link;
    const { stream: id } = this.#cutter;
    const { ends, isCircular } = this.#headings;
    const stream = link.table.get(id);
    if (stream !== undefined) this.#more(stream, heading, ends, isCircular);
    else if (!link.isServer) return;
    else if (id > link.lastStream) this.#open(id, heading, ends, isCircular);
    else if (link.wasDropped(id) || link.isRetired) link.countIdle();
    else throw new Http2Error(errorCode.streamClosed, `a head on stream ${id}, which is closed`);
  }

  /** A request. */
  #open(id: number, heading: Heading, ends: boolean, isCircular: boolean): void {
    const link = this.#link;
    // It was told that nothing new is taken.
    if (link.isRetired) return;
    link.lastStream = id;
    const problem = isCircular ? 'a stream that depends on itself' : requestProblem(heading);
    const isWrongLength = ends && (heading.length ?? 0) > 0;
    if (problem !== undefined || isWrongLength) {
      link.countReset();
      link.refuse(id, errorCode.protocolError);
    } else if (link.streams >= link.limits.maxStreams) {
      link.countReset();
      link.refuse(id, errorCode.refusedStream);
    } else if (link.checkWaiting()) {
      link.useful();
      const stream = link.add(id);
      stream.begin(heading.length);
      if (heading.isTooLarge) link.answer(stream, tooLarge);
      else link.accept(stream, heading.head, ends);
    }
  }

  /** An answer's head, or trailers. */
  #more(stream: LiveStream, heading: Heading, ends: boolean, isCircular: boolean): void {
    const link = this.#link;
    if (stream.heardAll) {
      link.condemn(stream, errorCode.streamClosed, 'a head after the end');
      return;
    }
    const isFirst = !stream.heardHead;
    const status = isFirst ? heading.head[':status'] : undefined;
    const isInterim = status?.startsWith('1') === true;
    let problem = isFirst ? answerProblem(heading) : trailersProblem(heading);
    if (isInterim && ends) problem ??= 'an interim answer that is the end';
    if (!isFirst && !ends) problem ??= 'trailers that are not the end';
    if (isCircular) problem ??= 'a stream that depends on itself';
    if (heading.isTooLarge) problem ??= 'a head that is too large';
    const isShort = isFirst ? (heading.length ?? 0) > 0 : stream.isLengthWrong(0, true);
    if (ends && isShort) problem ??= 'not as long as it said';
    if (problem !== undefined) link.condemn(stream, errorCode.protocolError, problem);
    else if (isInterim) link.countIdle();
    else {
      link.useful();
      stream.takeHead(heading.head, ends, heading.length);
    }
  }

  #priority(): void {
    const { stream: id, payload } = this.#cutter;
    const link = this.#link;
    if (id === 0) throw protocolError('a priority of nothing');
    link.countIdle();
    const isShort = payload.length !== priorityBytes;
    if (!isShort && (payload.readUInt32BE(0) & 0x7f_ff_ff_ff) !== id) return;
    const code = isShort ? errorCode.frameSizeError : errorCode.protocolError;
    const stream = link.table.get(id);
    if (stream !== undefined) link.condemn(stream, code, 'a priority that is none');
    else throw new Http2Error(code, 'a priority that is none');
  }

  #rstStream(): void {
    const { payload } = this.#cutter;
    if (payload.length !== 4) throw new Http2Error(errorCode.frameSizeError, 'a reset that is none');
    const stream = this.#known();
    if (stream === undefined) {
      this.#link.countIdle();
      return;
    }
    if (this.#link.isServer) this.#link.countReset();
    const code = payload.readUInt32BE(0);
    stream.broken({ code, isUntouched: code === errorCode.refusedStream });
  }

  #settings(): void {
    const { stream, flags, payload } = this.#cutter;
    const link = this.#link;
    if (stream !== 0) throw protocolError('settings of a stream');
    if ((flags & flag.ack) !== 0) {
      if (payload.length > 0) throw new Http2Error(errorCode.frameSizeError, 'an acknowledgement that says more');
      if (!this.#isOpened) throw protocolError('settings must come first');
      link.countIdle();
      return;
    }
    link.countIdle();
    const settings = readSettings(payload);
    // What follows from them may be sent at once, and the other side understands it only when it knows that we have them.
    link.sender.raw(settingsAck);
    link.apply(settings);
    if (this.#isOpened) return;
    this.#isOpened = true;
    link.owner.opened?.();
  }

  #ping(): void {
    const { stream, flags, payload } = this.#cutter;
    if (stream !== 0) throw protocolError('a ping of a stream');
    if (payload.length !== 8) throw new Http2Error(errorCode.frameSizeError, `a ping of ${payload.length} bytes`);
    this.#link.countIdle();
    if ((flags & flag.ack) === 0) this.#link.sender.pong(payload);
  }

  #goaway(): void {
    const { stream, payload } = this.#cutter;
    if (stream !== 0) throw protocolError('a farewell of a stream');
    if (payload.length < 8) throw new Http2Error(errorCode.frameSizeError, 'a farewell that is cut off');
    this.#link.countIdle();
    this.#link.dismissed(payload.readUInt32BE(0) & 0x7f_ff_ff_ff, payload.readUInt32BE(4));
  }

  #windowUpdate(): void {
    const { stream: id, payload } = this.#cutter;
    const link = this.#link;
    if (payload.length !== 4) throw new Http2Error(errorCode.frameSizeError, 'a window that is none');
    const bytes = payload.readUInt32BE(0) & 0x7f_ff_ff_ff;
    link.countIdle();
    if (id === 0) {
      if (bytes === 0) throw protocolError('a window that is opened by nothing');
      if (!link.sender.widen(bytes)) throw new Http2Error(errorCode.flowControlError, 'a window beyond all bounds');
      link.pump();
      return;
    }
    const stream = this.#known();
    if (stream === undefined) return;
    if (bytes === 0) link.condemn(stream, errorCode.protocolError, 'a window that is opened by nothing');
    else if (!stream.widen(bytes)) link.condemn(stream, errorCode.flowControlError, 'a window beyond all bounds');
  }

  /** The stream of the frame; undefined when it is over. Throws when it was never opened. */
  #known(): LiveStream | undefined {
    const { stream: id } = this.#cutter;
    const link = this.#link;
    // Who has not heard yet that nothing new is taken goes on with what was left alone.
    const isLeft = link.isServer && link.isRetired;
    if (id === 0 || id % 2 === 0 || (id > link.lastStream && !isLeft)) {
      throw protocolError(`a frame of stream ${id}, which never was`);
    }
    return link.table.get(id);
  }
}

const protocolError = (message: string): Http2Error => new Http2Error(errorCode.protocolError, message);
