import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { constants } from 'node:http2';
import type { Place } from '../../../async/bag.ts';
import type { Metadata } from '../../../discovery/registry.ts';
import type { Codec, Codecs } from '../../codec/codec.ts';
import { badRequest, internalServerError, MicroError, timeout } from '../../errors.ts';
import { deadlineOf } from '../../grpc/deadline.ts';
import type { Trailers } from '../../grpc/failure.ts';
import { success, trailersOf } from '../../grpc/failure.ts';
import { FrameReader } from '../../grpc/frame.ts';
import { readMetadata } from '../../grpc/metadata.ts';
import { endOfStream } from '../../headers.ts';
import type { Body, Message } from '../../transport/transport.ts';
import { TransportError } from '../../transport/transport.ts';
import { Call } from '../call.ts';
import type { Caller, Work } from '../caller.ts';
import type { Core } from '../core.ts';
import type { Route } from '../router.ts';
import { ServerStream } from '../stream.ts';
import { Answer } from './answer.ts';
import type { GrpcLimits } from './limits.ts';
import { refuseHttp, targetOf } from './target.ts';

/** What the calls of one listener share. */
export interface Setup {
  readonly core: Core;
  /** By the content type on the wire. */
  readonly codecs: Codecs;
  readonly limits: GrpcLimits;
}

/** What a call needs of its connection. */
export interface Parent {
  readonly setup: Setup;
  /** Metadata that the connection adds to each call's. */
  readonly ends: Metadata;
  add(call: Incoming): Place<Incoming>;
  remove(place: Place<Incoming>): void;
  /** Something useful was said. */
  useful(): void;
}

/** One call: what its caller sends, and the answer. */
export class Incoming implements Caller {
  readonly ends: Metadata;
  readonly deadline: number | undefined;
  readonly #connection: Parent;
  readonly #core: Core;
  readonly #stream: ServerHttp2Stream;
  readonly #headers: IncomingHttpHeaders;
  readonly #answer: Answer;
  readonly #reader: FrameReader;
  readonly #startedAt: number = Date.now();
  #place: Place<Incoming> | undefined;
  #work: Work | undefined;
  #drained: (() => void)[] | undefined;
  #discarded = 0;

  constructor(connection: Parent, stream: ServerHttp2Stream, headers: IncomingHttpHeaders) {
    const { core, limits } = connection.setup;
    this.ends = connection.ends;
    this.deadline = deadlineOf(headers);
    this.#connection = connection;
    this.#core = core;
    this.#stream = stream;
    this.#headers = headers;
    this.#answer = new Answer(stream, headers['content-type'] ?? '');
    this.#reader = new FrameReader(limits.maxMessageBytes);
  }

  start(): void {
    const stream = this.#stream;
    this.#place = this.#connection.add(this);
    // What it means is told by `close`, which follows.
    stream.on('error', ignore);
    stream.on('close', () => {
      this.#gone();
      if (this.#place !== undefined) this.#connection.remove(this.#place);
    });
    if (refuseHttp(stream, this.#headers)) {
      this.#answer.leave();
      return;
    }
    const target = targetOf(this.#headers, this.deadline, this.#connection.setup);
    if ('trailers' in target) {
      this.#refuse(target.trailers);
      return;
    }
    const { route, codec } = target;
    switch (route.method.kind) {
      case 'unary':
        this.#collect(route, codec);
        return;
      case 'stream':
        this.#converse(route, codec);
        return;
      default:
        route.method satisfies never;
    }
  }

  answer(_id: string | undefined, _contentType: string, body: Body): boolean {
    this.#connection.useful();
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
    const { maxMessageBytes } = this.#connection.setup.limits;
    if (length > maxMessageBytes) {
      const text = `grpc: trying to send message larger than max (${length} vs. ${maxMessageBytes})`;
      this.#fail(new MicroError(this.#core.name, 413, text));
      return true;
    }
    if (this.#work instanceof ServerStream) return this.#answer.message(body);
    this.#answer.only(body);
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
  }

  abort(reason: MicroError): void {
    if (this.#work === undefined) this.#refuse(trailersOf(reason));
    else this.#work.abort(reason);
  }

  /** Refuses a request that began before `startedBefore` and is still not complete; closes what was refused by then and is not left. */
  giveUp(startedBefore: number): void {
    if (this.#work !== undefined || this.#startedAt >= startedBefore) return;
    if (this.#answer.over) this.#stream.close(constants.NGHTTP2_NO_ERROR);
    else this.#refuse(trailersOf(timeout(this.#core.name, 'the request did not become complete in time')));
  }

  /** One message, and the end. */
  #collect(route: Route, codec: Codec): void {
    let body: Buffer | undefined;
    this.#read((next) => {
      if (body !== undefined) throw badRequest(this.#core.name, 'grpc: a unary call takes one message');
      body = next;
    });
    this.#stream.on('end', () => {
      if (this.#answer.over) return;
      if (body === undefined || this.#reader.pending > 0) this.#fail(unexpectedEnd(this.#core.name));
      else this.#call(route, codec, body);
    });
  }

  #call(route: Route, codec: Codec, body: Buffer): void {
    let value: unknown;
    try {
      value = codec.decode(body, route.method.request);
    } catch (error) {
      this.#fail(badRequest(this.#core.name, error instanceof Error ? error.message : String(error)));
      return;
    }
    const message: Message = { headers: readMetadata(this.#headers), body };
    const call = new Call(this.#core, this, message, route, codec, undefined);
    this.#work = call;
    call.run(message, value);
  }

  #converse(route: Route, codec: Codec): void {
    const opening: Message = { headers: readMetadata(this.#headers), body: nothing };
    const work = new ServerStream(this.#core, this, opening, route, codec, undefined);
    this.#work = work;
    this.#stream.on('drain', () => this.#drain());
    // Before `close`, which waits until a reader that is held back has read everything.
    this.#stream.on('aborted', () => this.#gone());
    this.#read((body) => work.message({ headers: {}, body }));
    this.#stream.on('end', () => {
      if (this.#reader.pending > 0) this.#fail(unexpectedEnd(this.#core.name));
      else work.message(theEnd);
    });
    void work.run(opening);
  }

  #read(take: (body: Buffer) => void): void {
    this.#stream.on('data', (chunk: Buffer) => {
      if (this.#answer.over) {
        this.#discard(chunk.length);
        return;
      }
      try {
        this.#reader.push(chunk);
        for (let body = this.#reader.next(); body !== undefined; body = this.#reader.next()) take(body);
      } catch (error) {
        this.#fail(error instanceof TransportError ? this.#unreadable(error) : MicroError.from(error, this.#core.name));
      }
    });
  }

  #unreadable({ code, message }: TransportError): MicroError {
    if (code === 'too_large') return new MicroError(this.#core.name, 413, message);
    const encoding = this.#headers['grpc-encoding'];
    return new MicroError(this.#core.name, encoding === undefined || encoding === 'identity' ? 500 : 501, message);
  }

  /**
   * What comes after the answer is for nobody. Most callers stop by themselves. To reset a stream at once would be faster, but a reset
   * takes trailers back that wait to be written.
   */
  #discard(length: number): void {
    this.#discarded += length;
    if (this.#discarded > discardedBytes) this.#stream.close(constants.NGHTTP2_NO_ERROR);
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
  #refuse(trailers: Trailers): void {
    if (this.#answer.over) return;
    this.#core.stats.requests += 1;
    this.#core.stats.errors += 1;
    this.#answer.end(trailers);
  }

  #gone(): void {
    this.#work?.abort(new MicroError(this.#core.name, 408, 'the caller went away'));
    this.#drain();
    if (!this.#stream.destroyed) this.#stream.resume();
  }

  #drain(): void {
    const drained = this.#drained;
    this.#drained = undefined;
    for (const resolve of drained ?? []) resolve();
  }
}

/** How much a caller may send after its answer. */
const discardedBytes = 1024 * 1024;

const ignore = (): void => {};

const nothing = Buffer.alloc(0);

const theEnd: Message = { headers: { 'Micro-Error': endOfStream }, body: nothing };

const unexpectedEnd = (name: string): MicroError => internalServerError(name, 'unexpected EOF');
