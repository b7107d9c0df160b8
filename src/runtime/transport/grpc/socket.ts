import { FrameReader, writeFrame } from '../../grpc/frame.ts';
import type { Ending, Head, Stream, StreamReceiver } from '../../http2/http2.ts';
import { errorCode, nameOfCode } from '../../http2/http2.ts';
import type { Ends } from '../ends.ts';
import type { Source } from '../inlet.ts';
import { Inlet } from '../inlet.ts';
import { readMessage, writeMessage } from '../message.ts';
import type { Body, Headers, Receiver, Socket } from '../transport.ts';
import { TransportError } from '../transport.ts';
import type { Progress } from '../watch.ts';
import { Watch } from '../watch.ts';
import type { GrpcSettings } from './settings.ts';

/** How long the other side may take to close, too, before the stream is cancelled. */
const lingerMs = 1000;

/** What clients and servers have in common: one gRPC stream that carries messages both ways. */
export abstract class GrpcSocket implements Socket, StreamReceiver {
  readonly local: string;
  readonly remote: string;
  protected readonly stream: Stream;
  readonly #inlet: Inlet;
  readonly #watch: Watch;
  readonly #reader: FrameReader;
  #receiver: Receiver | undefined;
  #received = 0;
  #bytes = 0;
  #isOpen = true;
  #isRetired = false;
  #linger: NodeJS.Timeout | undefined;

  /** `open` gives the stream that tells this socket. */
  constructor(open: (receiver: StreamReceiver) => Stream, { local, remote }: Ends, settings: GrpcSettings) {
    this.local = local;
    this.remote = remote;
    this.#reader = new FrameReader(settings.maxMessageBytes);
    this.#inlet = new Inlet(this.#source(), settings.heldTimeoutMs);
    this.#watch = new Watch(this.#progress(), settings, (error) => this.#fail(error));
    this.stream = open(this);
  }

  /** Tells `receiver` from now on; to be called once, before anything can have come. */
  start(receiver: Receiver): this {
    this.#receiver = receiver;
    this.#inlet.start(receiver);
    return this;
  }

  send(headers: Headers, body: Body): boolean {
    if (!this.#isOpen) return true;
    const frame = writeFrame(writeMessage(this.#isRetired ? { ...headers, Connection: 'close' } : headers, body));
    return this.stream.write(frame, false);
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
    this.#inlet.close();
    this.cancel();
  }

  head(head: Head, ends: boolean): void {
    const error = this.heard(head);
    if (error !== undefined) this.#fail(error);
    else if (ends) this.ended();
  }

  data(bytes: Buffer, ends: boolean): void {
    this.#read(bytes);
    if (ends) this.ended();
  }

  drain(): void {
    if (this.#isOpen) this.#receiver?.drain?.();
  }

  /** What was held back is wanted now: a receiver that pauses for good would never hear of the end. */
  aborted(): void {
    this.stream.resume();
  }

  closed(ending: Ending): void {
    clearTimeout(this.#linger);
    this.#finish(this.#isOpen ? this.#brokenOff(ending) : undefined);
    this.left();
  }

  /** A head or trailers have come. Gives the reason when the other side turns out to be none of ours. */
  protected abstract heard(head: Head): TransportError | undefined;

  /** The reason when the other side said, at the end of its messages, that they don't end in order. */
  protected abstract reason(): TransportError | undefined;

  /** Says that nothing more is said. */
  protected abstract end(): void;

  /** The other side sent what is not allowed: answer when there is a way to, and close. */
  protected abstract refuse(error: TransportError): void;

  /** The stream is over. */
  protected abstract left(): void;

  /** Ends the stream without waiting for anybody; it tells nothing more. */
  protected cancel(): void {
    clearTimeout(this.#linger);
    this.stream.reset(errorCode.cancel);
    this.#finish(undefined);
    this.left();
  }

  /** The other side has sent everything. What it said before still counts. */
  protected ended(): void {
    if (!this.#isOpen) return;
    this.#finish(this.reason() ?? this.#cutOff());
    this.#hangUp();
  }

  /** Nothing more comes, and nothing can be sent. */
  #finish(error: TransportError | undefined): void {
    this.#isOpen = false;
    this.#watch.stop();
    if (error === undefined) this.#inlet.end();
    else this.#inlet.close(error);
  }

  #fail(error: TransportError): void {
    if (!this.#isOpen) return;
    this.#finish(error);
    this.#leave();
    this.refuse(error);
  }

  #hangUp(): void {
    this.#isOpen = false;
    this.#leave();
    this.end();
  }

  #leave(): void {
    this.#linger = setTimeout(() => this.cancel(), lingerMs);
    // What still comes is read and dropped: otherwise the end of it would never be seen.
    this.stream.resume();
  }

  #read(bytes: Buffer): void {
    if (!this.#isOpen) return;
    this.#bytes += bytes.length;
    this.#reader.push(bytes);
    try {
      for (let frame = this.#reader.next(); frame !== undefined; frame = this.#reader.next()) {
        this.#received += 1;
        this.#inlet.push(readMessage(frame));
      }
      this.#watch.look();
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      this.#fail(error);
    }
  }

  /** Go's clients end by closing the connection, and we by cancelling: that is an end in order unless it was in a message. */
  #brokenOff({ code, reason, isUntouched }: Ending): TransportError | undefined {
    if (isUntouched)
      return new TransportError('unreachable', 'the other side takes no more streams on this connection');
    if (code === errorCode.noError || code === errorCode.cancel) return this.reason() ?? this.#cutOff();
    return new TransportError('reset', reason ?? `the other side broke the stream off: ${nameOfCode(code)}`);
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
