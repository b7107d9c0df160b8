import type { Http2Stream } from 'node:http2';
import { constants } from 'node:http2';
import { FrameReader, writeFrame } from '../../grpc/frame.ts';
import type { Source } from '../inlet.ts';
import { Inlet } from '../inlet.ts';
import { readMessage, writeMessage } from '../message.ts';
import type { Body, Headers, Receiver, Socket } from '../transport.ts';
import { TransportError } from '../transport.ts';
import type { Progress } from '../watch.ts';
import { Watch } from '../watch.ts';
import type { GrpcSettings } from './settings.ts';

const { NGHTTP2_CANCEL, NGHTTP2_NO_ERROR } = constants;

/** How long the other side may take to close, too, before the stream is cancelled. */
const lingerMs = 1000;

/** What clients and servers have in common: one gRPC stream that carries messages both ways. */
export abstract class GrpcSocket implements Socket {
  readonly local: string;
  readonly remote: string;
  protected readonly stream: Http2Stream;
  readonly #inlet: Inlet;
  readonly #watch: Watch;
  readonly #reader: FrameReader;
  #received = 0;
  #bytes = 0;
  #isOpen = true;
  #isCorked = false;
  #isRetired = false;
  #linger: NodeJS.Timeout | undefined;

  constructor(stream: Http2Stream, ends: Ends, settings: GrpcSettings) {
    this.stream = stream;
    this.local = ends.local;
    this.remote = ends.remote;
    this.#reader = new FrameReader(settings.maxMessageBytes);
    this.#inlet = new Inlet(this.#source(), settings.heldTimeoutMs);
    this.#watch = new Watch(this.#progress(), settings, (error) => this.fail(error));
  }

  /** Tells `receiver` from now on; to be called once, before anything can have come. */
  start(receiver: Receiver): this {
    const { stream } = this;
    this.#inlet.start(receiver);
    stream.on('data', (chunk: Buffer) => this.#read(chunk));
    stream.on('drain', () => {
      if (this.#isOpen) receiver.drain?.();
    });
    stream.on('end', () => this.#ended());
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!this.#isOpen) return;
      this.finish(
        new TransportError('reset', `the connection broke: ${error.code ?? error.message}`, { cause: error }),
      );
    });
    stream.on('close', () => {
      clearTimeout(this.#linger);
      this.finish(this.#isOpen ? this.#brokenOff() : undefined);
    });
    return this;
  }

  send(headers: Headers, body: Body): boolean {
    if (!this.#isOpen) return true;
    const frame = writeFrame(writeMessage(this.#isRetired ? { ...headers, Connection: 'close' } : headers, body));
    if (!this.#isCorked) {
      // What is sent in one turn goes out in one write.
      this.#isCorked = true;
      this.stream.cork();
      process.nextTick(() => {
        this.#isCorked = false;
        this.stream.uncork();
      });
    }
    return this.stream.write(frame);
  }

  pause(): void {
    this.#inlet.pause();
  }

  resume(): void {
    this.#inlet.resume();
  }

  retire(): void {
    this.#isRetired = true;
  }

  close(): void {
    if (!this.#isOpen) {
      this.#inlet.close();
      return;
    }
    this.#inlet.stop();
    this.#hangUp();
  }

  destroy(): void {
    this.#isOpen = false;
    this.stream.close(NGHTTP2_CANCEL);
    this.stream.destroy();
    this.leave();
    this.#inlet.close();
  }

  /** The reason when the other side said, at the end of its messages, that they don't end in order. */
  protected abstract reason(): TransportError | undefined;

  /** The other side sent what is not allowed: answer when there is a way to, and close. */
  protected abstract refuse(error: TransportError): void;

  /** The stream is over as far as we are concerned; the other side may never confirm it. */
  protected abstract leave(): void;

  /** Nothing more comes, and nothing can be sent. */
  protected finish(error: TransportError | undefined): void {
    this.#isOpen = false;
    this.#watch.stop();
    if (error === undefined) this.#inlet.end();
    else this.#inlet.close(error);
  }

  protected fail(error: TransportError): void {
    if (!this.#isOpen) return;
    this.finish(error);
    this.refuse(error);
    this.#linger = setTimeout(() => this.#cancel(), lingerMs);
  }

  #read(chunk: Buffer): void {
    if (!this.#isOpen) return;
    this.#bytes += chunk.length;
    this.#reader.push(chunk);
    try {
      for (let frame = this.#reader.next(); frame !== undefined; frame = this.#reader.next()) {
        this.#received += 1;
        this.#inlet.push(readMessage(frame));
      }
      this.#watch.look();
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      this.fail(error);
    }
  }

  /** The other side has sent everything. What it said before still counts. */
  #ended(): void {
    if (!this.#isOpen) return;
    this.finish(this.reason() ?? this.#cutOff());
    this.#hangUp();
  }

  #hangUp(): void {
    this.#isOpen = false;
    // What still comes is read and dropped: otherwise the end of it would never be seen.
    this.stream.resume();
    this.stream.end();
    this.#linger = setTimeout(() => this.#cancel(), lingerMs);
  }

  #cancel(): void {
    this.stream.close(NGHTTP2_CANCEL);
    this.leave();
  }

  /** Go's clients end by closing the connection, and we by cancelling: that is an end in order unless it was in a message. */
  #brokenOff(): TransportError | undefined {
    const code = this.stream.rstCode ?? NGHTTP2_NO_ERROR;
    const isCalm = code === NGHTTP2_CANCEL || code === NGHTTP2_NO_ERROR;
    return isCalm
      ? (this.reason() ?? this.#cutOff())
      : new TransportError('reset', `the stream was reset: HTTP/2 error ${code}`);
  }

  #cutOff(): TransportError | undefined {
    return this.#reader.pending === 0
      ? undefined
      : new TransportError('reset', 'the other side broke off in the middle of a message');
  }

  #source(): Source {
    return {
      pause: () => {
        this.#watch.pause();
        this.stream.pause();
      },
      resume: () => {
        this.#watch.resume();
        this.stream.resume();
      },
    };
  }

  #progress(): Progress {
    const part = (): Progress['part'] => (this.#reader.pending > 0 ? 'body' : 'none');
    const heads = (): number => this.#received;
    const bytes = (): number => this.#bytes;
    return {
      get part() {
        return part();
      },
      get heads() {
        return heads();
      },
      get bytes() {
        return bytes();
      },
    };
  }
}

/** Both as `host:port`. */
export interface Ends {
  readonly local: string;
  readonly remote: string;
}
