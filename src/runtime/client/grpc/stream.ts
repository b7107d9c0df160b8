import type { ClientHttp2Stream, IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2';
import type { Place } from '../../../async/bag.ts';
import { Pace } from '../../../async/pace.ts';
import { internalServerError, MicroError } from '../../errors.ts';
import { FrameReader } from '../../grpc/frame.ts';
import { FrameWriter } from '../../grpc/writer.ts';
import { Inbox } from '../../inbox.ts';
import type { Body } from '../../transport/transport.ts';
import type { Budget } from '../budget.ts';
import type { ClientStream } from '../client.ts';
import { unreadable } from './exchange.ts';
import type { ResponseHeaders } from './outcome.ts';
import { brokenOff, failureOf } from './outcome.ts';
import type { Running, Session } from './session.ts';

export interface StreamOptions {
  readonly session: Session;
  readonly headers: OutgoingHttpHeaders;
  readonly maxBytes: number;
  /** Handed over once the stream is open: the stream releases it. */
  readonly budget: Budget;
  /** Throws a `MicroError`. */
  readonly encode: (value: unknown) => Body;
  readonly decode: (body: Buffer) => unknown;
}

/** A conversation on a stream of an open session. */
export class GrpcStream<T> implements ClientStream<T>, Running {
  readonly #setup: StreamOptions;
  readonly #stream: ClientHttp2Stream;
  readonly #place: Place<Running>;
  readonly #inbox: Inbox<T>;
  readonly #reader: FrameReader;
  readonly #writer: FrameWriter;
  readonly #pace = new Pace();
  #head: ResponseHeaders | undefined;
  #trailers: IncomingHttpHeaders | undefined;
  #drained: (() => void)[] = [];
  /** Why nothing can be sent any more. */
  #over: MicroError | undefined;
  #saidAll = false;

  /** Opens it. Throws a `MicroError` when the session is gone. */
  constructor(setup: StreamOptions) {
    const { session, headers, maxBytes, budget } = setup;
    const stream = session.request(headers);
    this.#setup = setup;
    this.#stream = stream;
    this.#place = session.begin(this);
    this.#inbox = new Inbox<T>({ pause: () => void stream.pause(), resume: () => void stream.resume() }, () =>
      this.#leave(),
    );
    this.#reader = new FrameReader(maxBytes);
    this.#writer = new FrameWriter(stream);
    budget.onOver = (error) => {
      session.timedOut();
      this.#fail(error);
    };
    stream.on('response', (head) => {
      session.heard();
      this.#head = head;
    });
    stream.on('data', (chunk: Buffer) => this.#take(chunk));
    stream.on('trailers', (trailers) => {
      this.#trailers = trailers;
    });
    stream.on('drain', () => this.#drain());
    stream.on('end', () => this.#end());
    stream.on('close', () => {
      if (this.#over === undefined) this.#fail(brokenOff(stream, budget));
    });
    // What it means is told by `close`, which follows.
    stream.on('error', ignore);
  }

  /** Sends what was encoded before. */
  begin(first: Body): void {
    this.#writer.write(first);
  }

  send(body: unknown): Promise<void> {
    try {
      if (this.#over !== undefined) throw this.#over;
      if (this.#saidAll) throw new MicroError('go.micro.client', 400, 'the stream was closed for sending');
      if (this.#writer.write(this.#setup.encode(body))) return this.#pace.step() ?? sent;
    } catch (error) {
      return Promise.reject(error);
    }
    return this.#keepUp();
  }

  async closeSend(): Promise<void> {
    if (this.#saidAll || this.#over !== undefined) return;
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

  /** The client is closed. */
  over(): void {
    void this.close();
  }

  async #keepUp(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#drained.push(resolve);
    });
    if (this.#over !== undefined) throw this.#over;
  }

  #take(chunk: Buffer): void {
    if (this.#over !== undefined || this.#head?.[':status'] !== 200) return;
    this.#setup.session.heard();
    try {
      this.#reader.push(chunk);
      for (let body = this.#reader.next(); body !== undefined; body = this.#reader.next()) {
        this.#inbox.push(this.#setup.decode(body) as T);
      }
    } catch (error) {
      this.#fail(unreadable(error));
    }
  }

  #end(): void {
    if (this.#over !== undefined) return;
    const last = this.#trailers ?? this.#head;
    // Broken off: `close` tells how.
    if (last?.['grpc-status'] === undefined && this.#stream.rstCode !== undefined && this.#stream.rstCode !== 0) return;
    const failure = failureOf({ head: this.#head, trailers: this.#trailers });
    if (failure !== undefined) this.#fail(failure);
    else if (this.#reader.pending > 0) {
      this.#fail(
        internalServerError('go.micro.client.transport', 'unexpected EOF: the stream ended in the middle of a message'),
      );
    } else {
      this.#inbox.end();
      this.#finish(ended());
    }
  }

  #drain(): void {
    const drained = this.#drained;
    this.#drained = [];
    for (const resolve of drained) resolve();
  }

  #fail(error: MicroError): void {
    if (this.#over !== undefined) return;
    this.#inbox.fail(error);
    this.#finish(error);
  }

  /** Nobody reads any more, or everything was read. */
  #leave(): void {
    this.#finish(ended());
  }

  /** Lets everything go; what was received can still be read. */
  #finish(error: MicroError): void {
    if (this.#over !== undefined) return;
    this.#over = error;
    const { session, budget } = this.#setup;
    budget.release();
    this.#drain();
    if (!(this.#stream.readableEnded && this.#stream.writableFinished)) session.reset(this.#stream);
    session.end(this.#place);
  }
}

const sent: Promise<void> = Promise.resolve();

const ignore = (): void => {};

const ended = (): MicroError => internalServerError('go.micro.client', 'the stream has ended');
