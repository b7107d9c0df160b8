import type { Metadata } from '../../../discovery/registry.ts';
import { badRequest, internalServerError, MicroError, timeout } from '../../errors.ts';
import { deadlineOf } from '../../grpc/deadline.ts';
import { success, trailersOf } from '../../grpc/failure.ts';
import { FrameReader, wholeFrame, writeFrame } from '../../grpc/frame.ts';
import { readMetadata } from '../../grpc/metadata.ts';
import { endOfStream } from '../../headers.ts';
import type { Fields, Head, Stream, StreamReceiver } from '../../http2/http2.ts';
import { errorCode } from '../../http2/http2.ts';
import type { Body, Message } from '../../transport/transport.ts';
import { TransportError } from '../../transport/transport.ts';
import { Call } from '../call.ts';
import type { Caller, Work } from '../caller.ts';
import type { Core } from '../core.ts';
import { ServerStream } from '../stream.ts';
import { Answer } from './answer.ts';
import type { GrpcLimits } from './limits.ts';
import { discardedBytes, sweepsPerTimeout } from './limits.ts';
import type { Target, Targets } from './target.ts';
import { httpRefusal } from './target.ts';

/** What the calls of one listener share. */
export interface Setup {
  readonly core: Core;
  readonly targets: Targets;
  /** How answers begin, by the content type on the wire. */
  readonly heads: ReadonlyMap<string, Fields>;
  readonly limits: GrpcLimits;
}

/** What a call needs of its connection. */
export interface Parent {
  readonly setup: Setup;
  /** Metadata that the connection adds to each call's. */
  readonly ends: Metadata;
  remove(call: Incoming): void;
}

/** One call: what its caller sends, and the answer. */
export class Incoming implements Caller, StreamReceiver {
  readonly ends: Metadata;
  readonly deadline: number | undefined;
  /** For the connection, which keeps it among others. */
  place = -1;
  readonly #connection: Parent;
  readonly #core: Core;
  readonly #stream: Stream;
  readonly #head: Head;
  readonly #answer: Answer;
  #target: Target | undefined;
  #reader: FrameReader | undefined;
  /** The message of a unary call. */
  #body: Buffer | undefined;
  /** Whoever takes the messages of a stream. */
  #conversation: ServerStream | undefined;
  #work: Work | undefined;
  #drained: (() => void)[] | undefined;
  #discarded = 0;
  #age = 0;

  constructor(connection: Parent, stream: Stream, head: Head) {
    const { core, heads } = connection.setup;
    const contentType = head['content-type'] ?? '';
    this.ends = connection.ends;
    this.deadline = deadlineOf(head);
    this.#connection = connection;
    this.#core = core;
    this.#stream = stream;
    this.#head = head;
    this.#answer = new Answer(stream, contentType, heads.get(contentType));
  }

  /** Begins with what the head says. */
  start(): void {
    const wrong = httpRefusal(this.#head);
    if (wrong !== undefined) {
      this.#answer.http(wrong);
      return;
    }
    const target = this.#connection.setup.targets.of(this.#head, this.deadline);
    if (!('route' in target)) {
      this.#refuse(target);
      return;
    }
    this.#target = target;
    if (target.route.method.kind === 'stream') this.#converse(target);
  }

  head(_trailers: Head, ends: boolean): void {
    if (ends) this.finish();
  }

  data(bytes: Buffer, ends: boolean): void {
    if (this.#answer.over) {
      this.#discard(bytes.length);
      return;
    }
    try {
      this.#read(bytes);
    } catch (error) {
      this.#fail(error instanceof TransportError ? this.#unreadable(error) : MicroError.from(error, this.#core.name));
      return;
    }
    if (ends) this.finish();
  }

  /** The caller has said everything. */
  finish(): void {
    const target = this.#target;
    if (target === undefined || this.#answer.over) return;
    const isCut = this.#reader !== undefined && this.#reader.pending > 0;
    if (this.#conversation !== undefined) {
      if (isCut) this.#fail(unexpectedEnd(this.#core.name));
      else this.#conversation.message(theEnd);
    } else if (this.#body === undefined || isCut) this.#fail(unexpectedEnd(this.#core.name));
    else this.#call(target, this.#body);
  }

  drain(): void {
    const drained = this.#drained;
    if (drained === undefined) return;
    this.#drained = undefined;
    for (const resolve of drained) resolve();
  }

  aborted(): void {
    this.#gone();
    // What was held back is for nobody now, but the end comes after it.
    this.#stream.resume();
  }

  closed(): void {
    this.#gone();
    this.#connection.remove(this);
  }

  answer(_id: string | undefined, _contentType: string, body: Body): boolean {
    const { maxMessageBytes } = this.#connection.setup.limits;
    // A character is three bytes at most: most messages need not be measured.
    if (3 * body.length > maxMessageBytes) {
      const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
      if (length > maxMessageBytes) {
        const text = `grpc: trying to send message larger than max (${length} vs. ${maxMessageBytes})`;
        this.#fail(new MicroError(this.#core.name, 413, text));
        return true;
      }
    }
    if (this.#conversation !== undefined) return this.#answer.message(body);
    this.#answer.only(writeFrame(body));
    return true;
  }

  refuse(_id: string | undefined, _contentType: string, error: MicroError): void {
    this.#answer.end(trailersOf(error));
  }

  end(): void {
    this.#answer.end(success);
  }

  drained(): Promise<void> {
    if (this.#answer.over) return Promise.resolve();
    return new Promise((resolve) => {
      (this.#drained ??= []).push(resolve);
    });
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  forget(): void {
    this.#work = undefined;
    this.#age = 0;
  }

  abort(reason: MicroError): void {
    if (this.#work === undefined) this.#refuse(trailersOf(reason));
    else this.#work.abort(reason);
  }

  /** Time passes: refuses a request that does not become complete, and closes what was answered and is not left. */
  sweep(): void {
    if (this.#work !== undefined) return;
    this.#age += 1;
    if (this.#age <= sweepsPerTimeout) return;
    if (this.#answer.over) this.#leave();
    else this.#refuse(trailersOf(timeout(this.#core.name, 'the request did not become complete in time')));
  }

  #converse({ route, codec }: Target): void {
    const opening: Message = { headers: readMetadata(this.#head), body: nothing };
    const conversation = new ServerStream(this.#core, this, opening, route, codec, undefined);
    this.#conversation = conversation;
    this.#work = conversation;
    void conversation.run(opening);
  }

  #call({ route, codec }: Target, body: Buffer): void {
    let value: unknown;
    try {
      value = codec.decode(body, route.method.request);
    } catch (error) {
      this.#fail(badRequest(this.#core.name, error instanceof Error ? error.message : String(error)));
      return;
    }
    const message: Message = { headers: readMetadata(this.#head), body };
    const call = new Call(this.#core, this, message, route, codec, undefined);
    this.#work = call;
    call.run(message, value);
  }

  #read(bytes: Buffer): void {
    if (this.#reader === undefined) {
      // Nearly always the first piece is all there is.
      const whole = wholeFrame(bytes, this.#connection.setup.limits.maxMessageBytes);
      if (whole !== undefined && this.#body === undefined) {
        this.#take(whole);
        return;
      }
      this.#reader = new FrameReader(this.#connection.setup.limits.maxMessageBytes);
    }
    this.#reader.push(bytes);
    for (let body = this.#reader.next(); body !== undefined; body = this.#reader.next()) this.#take(body);
  }

  #take(body: Buffer): void {
    if (this.#conversation !== undefined) this.#conversation.message({ headers: {}, body });
    else if (this.#body === undefined) this.#body = body;
    else throw badRequest(this.#core.name, 'grpc: a unary call takes one message');
  }

  #unreadable({ code, message }: TransportError): MicroError {
    if (code === 'too_large') return new MicroError(this.#core.name, 413, message);
    const encoding = this.#head['grpc-encoding'];
    return new MicroError(this.#core.name, encoding === undefined || encoding === 'identity' ? 500 : 501, message);
  }

  /**
   * What comes after the answer is for nobody. Most callers stop by themselves. To reset a stream at once would be faster, but a reset
   * takes trailers back that wait to be sent.
   */
  #discard(length: number): void {
    this.#discarded += length;
    if (this.#discarded > discardedBytes) this.#leave();
  }

  /** It cannot go on, whether its handler runs already or not. */
  #fail(error: MicroError): void {
    if (this.#work === undefined) this.#refuse(trailersOf(error));
    else {
      this.#answer.end(trailersOf(error));
      this.#work.abort(error);
    }
  }

  /** Before a handler has seen it. */
  #refuse(trailers: Fields): void {
    if (this.#answer.over) return;
    this.#core.stats.requests += 1;
    this.#core.stats.errors += 1;
    this.#age = 0;
    this.#answer.end(trailers);
  }

  /** Breaks off a stream that was answered; nothing is told about it any more. */
  #leave(): void {
    this.#stream.reset(errorCode.noError);
    this.closed();
  }

  /** Who was answered may go. */
  #gone(): void {
    if (!this.#answer.isSaid) this.#work?.abort(new MicroError(this.#core.name, 408, 'the caller went away'));
    this.drain();
  }
}

const nothing = Buffer.alloc(0);

const theEnd: Message = { headers: { 'Micro-Error': endOfStream }, body: nothing };

const unexpectedEnd = (name: string): MicroError => internalServerError(name, 'unexpected EOF');
