import { internalServerError, MicroError } from '../../errors.ts';
import { FrameReader, wholeFrame } from '../../grpc/frame.ts';
import type { Ending, Head, Stream, StreamReceiver } from '../../http2/http2.ts';
import { TransportError } from '../../transport/transport.ts';
import type { Budget } from '../budget.ts';
import type { CallOptions, Request } from '../client.ts';
import { broken } from '../failure.ts';
import { brokenOff, failureOf } from './outcome.ts';
import type { Format } from './request.ts';
import { decode, fieldsOf, moreOf } from './request.ts';
import type { Session } from './session.ts';

/** What all exchanges with one request have in common. */
export class Question {
  readonly request: Request;
  readonly format: Format;
  readonly frame: Buffer;
  readonly maxBytes: number;

  /** `frame` is the message with its prefix; `maxBytes` is the largest answer. */
  constructor(request: Request, format: Format, frame: Buffer, maxBytes: number) {
    this.request = request;
    this.format = format;
    this.frame = frame;
    this.maxBytes = maxBytes;
  }
}

/** One unary call on an open session: one message there, one back. */
export const exchange = (
  session: Session,
  question: Question,
  options: CallOptions,
  budget: Budget,
): Promise<unknown> =>
  new Promise((resolve, reject) => {
    new Exchange(session, question, budget, resolve, reject).start(options);
  });

class Exchange implements StreamReceiver {
  readonly #session: Session;
  readonly #question: Question;
  readonly #budget: Budget;
  readonly #resolve: (value: unknown) => void;
  readonly #reject: (error: MicroError) => void;
  readonly #heard: number;
  readonly #leftMs: number;
  #stream: Stream | undefined;
  #head: Head | undefined;
  #trailers: Head | undefined;
  /** Only for what does not come in one piece. */
  #reader: FrameReader | undefined;
  #body: Buffer | undefined;
  #done = false;

  constructor(
    session: Session,
    question: Question,
    budget: Budget,
    resolve: (value: unknown) => void,
    reject: (error: MicroError) => void,
  ) {
    this.#session = session;
    this.#question = question;
    this.#budget = budget;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#heard = session.heard;
    this.#leftMs = budget.leftMs;
  }

  /** Throws a `MicroError` when the session is gone or metadata cannot be written. */
  start(options: CallOptions): void {
    const { format, frame } = this.#question;
    const more = moreOf(options, this.#leftMs);
    const stream = this.#session.open(this);
    this.#stream = stream;
    this.#budget.onOver = (error) => {
      this.#session.timedOut(this.#heard, this.#leftMs - this.#budget.leftMs);
      this.#callOff(error);
    };
    stream.send(this.#session.heads.of(fieldsOf(format, more)), more, false);
    stream.write(frame, true);
  }

  head(head: Head, ends: boolean): void {
    this.#session.heard += 1;
    if (this.#head === undefined) this.#head = head;
    else this.#trailers = head;
    if (ends) this.#end();
  }

  data(bytes: Buffer, ends: boolean): void {
    if (this.#head?.[':status'] === '200' && !this.#take(bytes)) return;
    if (ends) this.#end();
  }

  drain(): void {}

  /** Nothing is held back: `closed` follows. */
  aborted(): void {}

  closed(ending: Ending): void {
    if (!this.#done) this.#fail(this.#session.reason ?? brokenOff(ending, this.#budget));
    this.#session.left();
  }

  /** Says whether the answer makes sense so far. */
  #take(bytes: Buffer): boolean {
    try {
      if (this.#reader === undefined && this.#body === undefined) {
        this.#body = wholeFrame(bytes, this.#question.maxBytes);
        if (this.#body !== undefined) return true;
      }
      this.#read(bytes);
      return true;
    } catch (error) {
      this.#callOff(unreadable(error));
      return false;
    }
  }

  #read(bytes: Buffer): void {
    this.#reader ??= new FrameReader(this.#question.maxBytes);
    this.#reader.push(bytes);
    for (let body = this.#reader.next(); body !== undefined; body = this.#reader.next()) {
      if (this.#body !== undefined) throw new TransportError('invalid', 'the answer holds more than one message');
      this.#body = body;
    }
  }

  /** The other side has said everything. */
  #end(): void {
    const failure = failureOf(this.#head, this.#trailers);
    const pending = this.#reader?.pending ?? 0;
    if (failure !== undefined) this.#fail(failure);
    else if (this.#body === undefined || pending > 0) this.#fail(incomplete(pending));
    else this.#succeed(this.#body);
    // It may answer before it has read everything.
    if (this.#stream?.isSent === false) this.#session.reset(this.#stream);
  }

  #succeed(body: Buffer): void {
    this.#finish();
    const { request, format } = this.#question;
    try {
      this.#resolve(decode(body, request, format));
    } catch (error) {
      this.#reject(MicroError.from(error, 'go.micro.client'));
    }
  }

  #callOff(error: MicroError): void {
    this.#fail(error);
    if (this.#stream !== undefined) this.#session.reset(this.#stream);
  }

  #fail(error: MicroError): void {
    if (this.#done) return;
    this.#finish();
    this.#reject(error);
  }

  #finish(): void {
    this.#done = true;
    this.#budget.onOver = undefined;
  }
}

/** A message that is too large will be so again, and the handler has run: no 500, so that nobody repeats the call. */
export function unreadable(error: unknown): MicroError {
  if (!(error instanceof TransportError)) return MicroError.from(error, 'go.micro.client.transport');
  if (error.code !== 'too_large') return broken(error);
  return new MicroError('go.micro.client.transport', 413, error.message);
}

const incomplete = (pending: number): MicroError =>
  internalServerError(
    'go.micro.client.transport',
    pending > 0 ? 'unexpected EOF: the answer ended in the middle of a message' : 'EOF: the answer holds no message',
  );
