import type { ClientHttp2Stream, IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2';
import { constants } from 'node:http2';
import type { Place } from '../../../async/bag.ts';
import { internalServerError, MicroError } from '../../errors.ts';
import { FrameReader } from '../../grpc/frame.ts';
import { TransportError } from '../../transport/transport.ts';
import type { Budget } from '../budget.ts';
import { broken } from '../failure.ts';
import type { ResponseHeaders } from './outcome.ts';
import { brokenOff, failureOf } from './outcome.ts';
import type { Running, Session } from './session.ts';

export interface ExchangeOptions {
  readonly session: Session;
  readonly headers: OutgoingHttpHeaders;
  readonly frame: Buffer;
  readonly budget: Budget;
  readonly maxBytes: number;
  /** Throws a `MicroError`. */
  readonly decode: (body: Buffer) => unknown;
}

/** One unary call on an open session: one message there, one back. Throws a `MicroError` when the session is gone. */
export const exchange = (options: ExchangeOptions): Promise<unknown> =>
  new Promise((resolve, reject) => {
    new Exchange(options, resolve, reject).start();
  });

class Exchange implements Running {
  readonly #setup: ExchangeOptions;
  readonly #resolve: (value: unknown) => void;
  readonly #reject: (error: MicroError) => void;
  readonly #reader: FrameReader;
  #place: Place<Running> | undefined;
  #stream: ClientHttp2Stream | undefined;
  #head: ResponseHeaders | undefined;
  #trailers: IncomingHttpHeaders | undefined;
  #body: Buffer | undefined;
  #done = false;

  constructor(setup: ExchangeOptions, resolve: (value: unknown) => void, reject: (error: MicroError) => void) {
    this.#setup = setup;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#reader = new FrameReader(setup.maxBytes);
  }

  start(): void {
    const { session, headers, frame, budget } = this.#setup;
    const stream = session.request(headers);
    this.#stream = stream;
    this.#place = session.begin(this);
    budget.onOver = (error) => {
      session.timedOut();
      this.over(error);
    };
    stream.on('response', (head) => {
      session.heard();
      this.#head = head;
    });
    stream.on('data', (chunk: Buffer) => this.#take(chunk));
    stream.on('trailers', (trailers) => {
      this.#trailers = trailers;
    });
    stream.on('end', () => this.#end());
    stream.on('close', () => {
      if (!this.#done) this.#fail(brokenOff(stream, budget));
    });
    // What it means is told by `close`, which follows.
    stream.on('error', ignore);
    stream.end(frame);
  }

  /** Called off from this side. */
  over(error: MicroError): void {
    this.#fail(error);
    this.#cancel();
  }

  #take(chunk: Buffer): void {
    if (this.#done || this.#head?.[':status'] !== 200) return;
    try {
      this.#reader.push(chunk);
      for (let body = this.#reader.next(); body !== undefined; body = this.#reader.next()) {
        if (this.#body !== undefined) throw new TransportError('invalid', 'the answer holds more than one message');
        this.#body = body;
      }
    } catch (error) {
      this.over(unreadable(error));
    }
  }

  /** The other side has said everything, or was broken off: then `close` tells how. */
  #end(): void {
    if (this.#done) return;
    const last = this.#trailers ?? this.#head;
    if (last?.['grpc-status'] === undefined && this.#stream?.rstCode !== undefined && this.#stream.rstCode !== 0)
      return;
    const failure = failureOf({ head: this.#head, trailers: this.#trailers });
    if (failure !== undefined) this.#fail(failure);
    else if (this.#body === undefined || this.#reader.pending > 0) this.#fail(incomplete(this.#reader.pending));
    else {
      this.#finish();
      this.#succeed(this.#body);
    }
    // It may answer before it has read everything.
    if (this.#stream?.writableFinished !== true) this.#cancel();
  }

  #succeed(body: Buffer): void {
    try {
      this.#resolve(this.#setup.decode(body));
    } catch (error) {
      this.#reject(MicroError.from(error, 'go.micro.client'));
    }
  }

  #fail(error: MicroError): void {
    if (this.#done) return;
    this.#finish();
    this.#reject(error);
  }

  #finish(): void {
    this.#done = true;
    const { session, budget } = this.#setup;
    budget.onOver = undefined;
    if (this.#place !== undefined) session.end(this.#place);
  }

  #cancel(): void {
    this.#stream?.close(constants.NGHTTP2_CANCEL);
  }
}

const ignore = (): void => {};

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
