import type { Msg } from '@nats-io/transport-node';
import { decodeMessage, encodeMessage } from '../../broker/json-message.ts';
import { addIncoming, outgoing } from '../carried.ts';
import { Inlet } from '../inlet.ts';
import type { Body, Headers, Receiver, Socket } from '../transport.ts';
import { TransportError } from '../transport.ts';
import type { Ending, Link } from './link.ts';
import { isOurs } from './subject.ts';

export interface NatsSettings {
  /** After so long without a word the other side is asked whether it is there, in milliseconds. */
  readonly idleMs: number;
  /** So much may wait for a receiver that pauses: NATS has no way to hold a sender back. */
  readonly maxWaitingBytes: number;
  readonly heldTimeoutMs: number;
}

/** What a socket of ours answers when it is asked. */
const here = 'here';
const askTimeoutMs = 5000;
const noResponders = 503;

/** Which side it is, and to whom it speaks. */
export interface Ends {
  readonly side: 'client' | 'server';
  /** Where the other side listens. */
  readonly subject: string;
  /** What the owner is told about either end; default for `local`: our own subject. */
  readonly local?: string;
}

/** One end of a conversation through NATS. Each end has a subject of its own; a server's messages name it in their reply. */
export class NatsSocket implements Socket, Ending {
  readonly local: string;
  readonly remote: string;
  /** Called once, when nothing more can come. */
  readonly #gone: (socket: NatsSocket, error: TransportError | undefined) => void;
  readonly #link: Link;
  readonly #side: Ends['side'];
  readonly #own: string;
  readonly #settings: NatsSettings;
  readonly #inlet: Inlet;
  readonly #idle: NodeJS.Timeout;
  #receiver: Receiver | undefined;
  /** The subject of the other end, if it is one of ours. */
  #peer: string | undefined;
  #isOpen = true;
  #hasHeard = false;
  /** Since the idle timer last looked. */
  #isActive = false;
  #owesDrain = false;
  #isRetired = false;

  constructor(link: Link, ends: Ends, settings: NatsSettings, gone: (socket: NatsSocket) => void) {
    this.#link = link;
    this.#side = ends.side;
    this.#settings = settings;
    this.#gone = gone;
    this.#own = link.add(this);
    this.local = ends.local ?? this.#own;
    this.remote = ends.subject;
    if (isOurs(ends.subject)) this.#peer = ends.subject;
    this.#inlet = new Inlet({ pause() {}, resume() {} }, settings.heldTimeoutMs);
    this.#idle = setInterval(() => void this.#look(), settings.idleMs);
  }

  start(receiver: Receiver): this {
    this.#receiver = receiver;
    this.#inlet.start(receiver);
    return this;
  }

  /** What was sent to our subject, or by the other end to the listener's. */
  arrived(message: Msg): void {
    if (!this.#isOpen) return;
    if (message.headers?.code === noResponders) {
      this.#nobodyThere();
      return;
    }
    const { data, reply = '' } = message;
    this.#hasHeard = true;
    this.#isActive = true;
    if (data.length === 0) {
      // Asked whether we are here; or else the other side closes.
      if (reply !== '' && reply !== this.remote) message.respond(here);
      else this.#end(undefined);
      return;
    }
    if (this.#side === 'client' && isOurs(reply)) this.#peer = reply;
    this.#read(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  }

  lost(error: TransportError): void {
    this.#end(error);
  }

  flushed(): void {
    if (!this.#owesDrain) return;
    this.#owesDrain = false;
    if (this.#isOpen) this.#receiver?.drain?.();
  }

  send(headers: Headers, body: Body): boolean {
    if (!this.#isOpen) return true;
    const payload = encodeMessage(outgoing(this.#isRetired ? { ...headers, Connection: 'close' } : headers), body);
    const bytes = Buffer.byteLength(payload);
    const { maxPayload } = this.#link;
    if (bytes > maxPayload)
      throw new TransportError('too_large', `NATS carries ${maxPayload} bytes, and the message has ${bytes} as JSON`);
    this.#isActive = true;
    if (!this.#link.publish(this.remote, payload, bytes, this.#own)) this.#owesDrain = true;
    return !this.#owesDrain;
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

  /** What was sent is with the connection already, so there is nothing to wait for. */
  close(): void {
    this.destroy();
  }

  destroy(): void {
    if (this.#isOpen) {
      this.#tellOther();
      this.#release(undefined);
    }
    this.#inlet.close();
  }

  /**
   * An empty message: ends of ours close then. A Go server can't read it and drops the socket, which is what we want; a Go client would
   * take it for the answer to its next request, so it is told nothing.
   */
  #tellOther(): void {
    if (this.#side === 'client' || this.#peer !== undefined)
      this.#link.publish(this.remote, '', 0, this.#side === 'client' ? this.#own : '');
  }

  #read(payload: Buffer): void {
    const message = decodeMessage(payload);
    if (message === undefined) {
      this.#fail(new TransportError('invalid', 'the other side sent what is no message of a transport'));
      return;
    }
    const headers: Record<string, string> = {};
    for (const name in message.headers) addIncoming(headers, name, message.headers[name] ?? '');
    this.#inlet.push({ headers, body: message.body });
    const { maxWaitingBytes } = this.#settings;
    if (this.#inlet.waitingBytes > maxWaitingBytes)
      this.#fail(new TransportError('too_large', `more than ${maxWaitingBytes} bytes wait for a receiver that pauses`));
  }

  #nobodyThere(): void {
    this.#end(
      this.#hasHeard
        ? new TransportError('reset', `nobody listens on ${this.remote} any more`)
        : new TransportError('unreachable', `cannot reach ${this.remote}: nobody listens there`),
    );
  }

  /** NATS does not tell when the other side vanishes. */
  async #look(): Promise<void> {
    if (this.#isActive) {
      this.#isActive = false;
      return;
    }
    if (this.#peer === undefined) {
      // A Go server may be silent for as long as it likes: calls have a time of their own.
      if (this.#side === 'server')
        this.#end(new TransportError('timeout', `nothing was heard for ${this.#settings.idleMs} ms`));
      return;
    }
    const answer = await this.#link.ask(this.#peer, askTimeoutMs);
    if (answer !== here && !this.#isActive) this.#end(new TransportError('timeout', 'the other side is gone'));
  }

  #fail(error: TransportError): void {
    if (!this.#isOpen) return;
    this.#tellOther();
    this.#end(error);
  }

  #end(error: TransportError | undefined): void {
    if (!this.#isOpen) return;
    this.#release(error);
    if (error === undefined) this.#inlet.end();
    else this.#inlet.close(error);
  }

  #release(error: TransportError | undefined): void {
    this.#isOpen = false;
    clearInterval(this.#idle);
    this.#link.remove(this.#own);
    this.#gone(this, error);
  }
}
