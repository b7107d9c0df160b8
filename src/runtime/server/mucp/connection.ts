import type { Metadata } from '../../../discovery/registry.ts';
import { MicroError } from '../../errors.ts';
import { endOfStream, endpointOf, errorOf, errorText, idOf, streamOf, topicOf } from '../../headers.ts';
import type { Body, Headers, Message, Receiver, Socket } from '../../transport/transport.ts';
import { Call, stopping } from '../call.ts';
import type { AnswerCodec, Caller, Work } from '../caller.ts';
import type { Core } from '../core.ts';
import type { Route } from '../router.ts';
import { ServerStream } from '../stream.ts';
import type { Opened } from './envelope.ts';
import { codecFor, open } from './envelope.ts';

/** Unlike requests, an absent content type has a meaning of its own in every go-micro. */
const defaultContentType = 'application/protobuf';
/** So many requests of one connection run at once; the next ones are not read before some of them have ended. */
const maxRunning = 1024;

/** Reads requests from one socket and writes their answers, each as soon as it is there. */
export class ServerConnection implements Receiver, Caller {
  readonly ends: Metadata;
  readonly #core: Core;
  readonly #socket: Socket;
  readonly #running: Work[] = [];
  readonly #streams = new Map<string, ServerStream>();
  readonly #onClosed: (connection: ServerConnection) => void;
  #drained: (() => void)[] = [];
  #open = true;
  /** How many want nothing more to be read for now. */
  #holds = 0;
  /** We are one of them: too many requests run, or their answers are not read. */
  #isFull = false;
  #isBehind = false;
  /** Two requests ran at once: the other side has more than one call on this connection, and may have one on its way at any moment. */
  #isShared = false;
  #isRetired = false;
  /** The other side was told that we leave. */
  #isTold = false;

  constructor(core: Core, socket: Socket, onClosed: (connection: ServerConnection) => void) {
    this.ends = { Local: socket.local, Remote: socket.remote };
    this.#core = core;
    this.#socket = socket;
    this.#onClosed = onClosed;
  }

  message(message: Message): void {
    const { headers } = message;
    if (this.#streams.size > 0 && this.#deliver(message)) return;
    const id = idOf(headers);
    if (errorOf(headers) === endOfStream && streamOf(headers) !== '') {
      this.#cancel(id);
      return;
    }
    const contentType = headers['Content-Type'] || defaultContentType;
    // A subscriber of go-micro 1 that calls somebody passes its event's topic on: with an endpoint it is a request all the same.
    const topic = topicOf(headers);
    if (topic !== '' && endpointOf(headers) === '') {
      void this.#deliverEvent(message, topic, id, contentType);
      return;
    }
    const codec = codecFor(headers, contentType, this.#core.codecs);
    if (codec === undefined) {
      if (!this.answer(id, 'text/plain', `Unsupported Content-Type: ${contentType}`)) this.behind();
      return;
    }
    let opened: Opened | undefined;
    try {
      if (this.#core.draining) throw stopping(this.#core.name);
      opened = open(message, contentType, codec, id);
      this.#start(message, this.#core.router.find(opened.endpoint), opened);
    } catch (error) {
      this.#core.stats.requests += 1;
      this.#core.stats.errors += 1;
      const reason = MicroError.from(error, this.#core.name);
      this.refuse(opened?.id ?? id, contentType, reason, opened?.codec.encodeError?.(errorText(reason)));
    }
  }

  drain(): void {
    const drained = this.#drained;
    this.#drained = [];
    for (const resolve of drained) resolve();
    this.#isBehind = false;
    this.#weigh();
  }

  closed(): void {
    this.#open = false;
    this.#streams.clear();
    this.abort(new MicroError(this.#core.name, 408, 'the caller went away'));
    this.drain();
    this.#onClosed(this);
  }

  drained(): Promise<void> {
    if (!this.#open) return Promise.resolve();
    return new Promise((resolve) => {
      this.#drained.push(resolve);
    });
  }

  pause(): void {
    this.#holds += 1;
    if (this.#holds === 1) this.#socket.pause();
  }

  resume(): void {
    this.#holds -= 1;
    if (this.#holds === 0) this.#socket.resume();
  }

  /** Ends everything that runs, telling whoever still listens. */
  abort(reason: MicroError): void {
    for (const work of this.#running.slice()) work.abort(reason);
  }

  /** Requests that come all the same are refused by `draining`. */
  retire(): void {
    this.#socket.retire?.();
    this.#isRetired = this.#socket.retire !== undefined;
  }

  /** Who shares the connection closes it himself, once what he asked before he was told is answered: to close it under him would lose that. */
  close(): void {
    if (!this.#isShared || !this.#isTold) this.#socket.close();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  forget(work: Work): void {
    const last = this.#running.pop();
    if (last !== undefined && last !== work) {
      this.#running[work.place] = last;
      last.place = work.place;
    }
    if (this.#isFull) this.#weigh();
  }

  behind(): void {
    this.#isBehind = true;
    this.#weigh();
  }

  answer(id: string | undefined, contentType: string, body: Body): boolean {
    return this.#send(
      id === undefined
        ? { 'Content-Type': contentType }
        : { 'Content-Type': contentType, 'Micro-Id': id, 'X-Micro-Id': id },
      body,
    );
  }

  refuse(id: string | undefined, contentType: string, error: MicroError, body: Body = ''): void {
    this.#fault(id, contentType, errorText(error), body);
  }

  end(id: string | undefined, contentType: string, body: Body = ''): void {
    this.#fault(id, contentType, endOfStream, body);
  }

  /** Publishers want to know no more than that it arrived; a Go server answers with an error when a subscriber failed. */
  async #deliverEvent(message: Message, topic: string, id: string | undefined, contentType: string): Promise<void> {
    try {
      if (this.#core.draining) throw stopping(this.#core.name);
      await this.#core.subscribers.deliver(topic, message.headers, message.body);
      if (!this.answer(id, contentType, '')) this.behind();
    } catch (error) {
      this.refuse(id, contentType, MicroError.from(error, this.#core.name));
    }
  }

  #start(message: Message, route: Route, { codec, id }: Opened): void {
    if (route.method.kind === 'unary') {
      const body = decode(message, route, codec);
      const call = new Call(this.#core, this, message, route, codec, id);
      this.#begin(call);
      call.run(message, body);
      return;
    }
    if (errorOf(message.headers) === endOfStream) return;
    // The body that opens a stream means nothing: Go's servers throw it away, so Go's clients put anything there.
    const stream = new ServerStream(this.#core, this, message, route, codec, id);
    this.#begin(stream);
    this.#streams.set(streamKey(message.headers), stream);
    void stream.run(message);
  }

  #begin(work: Work): void {
    work.place = this.#running.push(work) - 1;
    if (this.#running.length > 1) this.#isShared = true;
    if (this.#running.length >= maxRunning) this.#weigh();
  }

  /** A caller that shares its connection no longer wants an answer: to close, as others do, would end its other calls too. */
  #cancel(id: string | undefined): void {
    const work = this.#running.find((one) => one.id === id);
    work?.abort(new MicroError(this.#core.name, 408, 'the caller went away'));
  }

  #weigh(): void {
    const isFull = this.#isBehind || this.#running.length >= maxRunning;
    if (isFull === this.#isFull) return;
    this.#isFull = isFull;
    if (isFull) this.pause();
    else this.resume();
  }

  /** Hands a message to the stream it belongs to. */
  #deliver(message: Message): boolean {
    const key = streamKey(message.headers);
    const stream = this.#streams.get(key);
    if (stream === undefined) return false;
    if (stream.over && errorOf(message.headers) === endOfStream) this.#streams.delete(key);
    stream.message(message);
    return true;
  }

  #fault(id: string | undefined, contentType: string, text: string, body: Body): void {
    const headers: Record<string, string> = {
      'Content-Type': contentType,
      'Micro-Error': text,
      'X-Micro-Error': text,
    };
    if (id !== undefined) {
      headers['Micro-Id'] = id;
      headers['X-Micro-Id'] = id;
    }
    if (!this.#send(headers, body)) this.behind();
  }

  #send(headers: Headers, body: Body): boolean {
    if (!this.#open) return true;
    if (this.#isRetired) this.#isTold = true;
    try {
      return this.#socket.send(headers, body);
    } catch (error) {
      // A caller left without an answer would wait until its time is over.
      this.#core.log.warn('an answer could not be sent', { remote: this.#socket.remote, error });
      this.#socket.destroy();
      return true;
    }
  }
}

/** Streams of peers that set no stream id are told apart by the id of their messages. */
const streamKey = (headers: Headers): string => streamOf(headers) || (idOf(headers) ?? '');

function decode(message: Message, route: Route, codec: AnswerCodec): unknown {
  try {
    return codec.decode(message.body, route.method.request);
  } catch (error) {
    throw new MicroError('', 0, error instanceof Error ? error.message : String(error));
  }
}
