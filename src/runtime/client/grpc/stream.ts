import { Pace } from '../../../async/pace.ts';
import { internalServerError, MicroError } from '../../errors.ts';
import { FrameReader } from '../../grpc/frame.ts';
import { FrameWriter } from '../../grpc/writer.ts';
import type { Ending, Head, Stream, StreamReceiver } from '../../http2/http2.ts';
import { Inbox } from '../../inbox.ts';
import type { Body } from '../../transport/transport.ts';
import type { Budget } from '../budget.ts';
import type { CallOptions, ClientStream, Request } from '../client.ts';
import { unreadable } from './exchange.ts';
import { brokenOff, failureOf } from './outcome.ts';
import type { Format } from './request.ts';
import { decode, fieldsOf, moreOf } from './request.ts';
import type { Session } from './session.ts';

export interface StreamOptions {
  readonly request: Request;
  readonly format: Format;
  readonly maxBytes: number;
  readonly options: CallOptions;
  /** Throws a `MicroError`. */
  readonly encode: (value: unknown) => Body;
}

/** A conversation on a stream of an open session. */
export class GrpcStream<T> implements ClientStream<T>, StreamReceiver {
  readonly #session: Session;
  readonly #setup: StreamOptions;
  readonly #budget: Budget;
  readonly #stream: Stream;
  readonly #inbox: Inbox<T>;
  readonly #reader: FrameReader;
  readonly #writer: FrameWriter;
  readonly #pace = new Pace();
  #head: Head | undefined;
  #trailers: Head | undefined;
  #drained: (() => void)[] = [];
  /** Why nothing can be sent any more. */
  #mute: MicroError | undefined;
  /** Nothing more comes, either. */
  #isOver = false;
  #saidAll = false;
  #heardAll = false;

  /** Opens it. The budget is released by the stream. Throws a `MicroError` when the session is gone or metadata cannot be written. */
  constructor(session: Session, setup: StreamOptions, budget: Budget) {
    const { format, maxBytes, options } = setup;
    const { heard } = session;
    const { leftMs } = budget;
    const more = moreOf(options, leftMs);
    const stream = session.open(this);
    this.#session = session;
    this.#setup = setup;
    this.#budget = budget;
    this.#stream = stream;
    this.#inbox = new Inbox<T>(stream, () => this.#leave());
    this.#reader = new FrameReader(maxBytes);
    this.#writer = new FrameWriter(stream);
    stream.send(session.heads.of(fieldsOf(format, more)), more, false);
    budget.onOver = (error) => {
      session.timedOut(heard, leftMs - budget.leftMs);
      this.#fail(error);
    };
  }

  /** Sends what was encoded before. */
  begin(first: Body): void {
    this.#writer.write(first);
  }

  send(body: unknown): Promise<void> {
    try {
      if (this.#mute !== undefined) throw this.#mute;
      if (this.#saidAll) throw new MicroError('go.micro.client', 400, 'the stream was closed for sending');
      if (this.#writer.write(this.#setup.encode(body))) return this.#pace.step() ?? sent;
    } catch (error) {
      return Promise.reject(error);
    }
    return this.#keepUp();
  }

  async closeSend(): Promise<void> {
    if (this.#saidAll || this.#mute !== undefined) return;
    this.#saidAll = true;
    this.#writer.end();
  }

  async close(): Promise<void> {
    this.#inbox.end();
    this.#leave();
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return this.#inbox;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  head(head: Head, ends: boolean): void {
    this.#session.heard += 1;
    if (this.#head === undefined) this.#head = head;
    else this.#trailers = head;
    if (ends) this.#end();
  }

  data(bytes: Buffer, ends: boolean): void {
    this.#session.heard += 1;
    if (this.#head?.[':status'] === '200') this.#take(bytes);
    if (ends) this.#end();
  }

  drain(): void {
    const drained = this.#drained;
    this.#drained = [];
    for (const resolve of drained) resolve();
  }

  /** What a slow reader has not read yet still comes. */
  aborted(ending: Ending): void {
    // The client is closed: as if each of its streams had been.
    if (this.#session.reason !== undefined) void this.close();
    this.#mute ??= brokenOff(ending, this.#budget);
    this.drain();
  }

  closed(ending: Ending): void {
    if (!this.#isOver) this.#fail(this.#mute ?? brokenOff(ending, this.#budget));
    this.#session.left();
  }

  async #keepUp(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#drained.push(resolve);
    });
    if (this.#mute !== undefined) throw this.#mute;
  }

  #take(bytes: Buffer): void {
    if (this.#isOver) return;
    const { request, format } = this.#setup;
    try {
      this.#reader.push(bytes);
      for (let body = this.#reader.next(); body !== undefined; body = this.#reader.next()) {
        this.#inbox.push(decode(body, request, format) as T);
      }
    } catch (error) {
      this.#fail(unreadable(error));
    }
  }

  #end(): void {
    this.#heardAll = true;
    if (this.#isOver) return;
    const failure = failureOf(this.#head, this.#trailers);
    if (failure !== undefined) this.#fail(failure);
    else if (this.#reader.pending > 0) {
      this.#fail(
        internalServerError('go.micro.client.transport', 'unexpected EOF: the stream ended in the middle of a message'),
      );
    } else {
      this.#inbox.end();
      this.#leave();
    }
  }

  #fail(error: MicroError): void {
    if (this.#isOver) return;
    this.#inbox.fail(error);
    this.#finish(error);
  }

  /** Nobody reads any more, or everything was read. */
  #leave(): void {
    this.#finish(internalServerError('go.micro.client', 'the stream has ended'));
  }

  /** Lets everything go; what was received can still be read. */
  #finish(error: MicroError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#mute ??= error;
    this.#budget.release();
    this.drain();
    if (!(this.#heardAll && this.#stream.isSent)) this.#session.reset(this.#stream);
  }
}

const sent: Promise<void> = Promise.resolve();
