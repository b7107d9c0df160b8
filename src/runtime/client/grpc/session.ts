import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from 'node:http2';
import { addAbortSignal } from 'node:stream';
import type { Bag, Place } from '../../../async/bag.ts';
import { createBag } from '../../../async/bag.ts';
import { withResolvers } from '../../../async/queue.ts';
import { MicroError } from '../../errors.ts';
import { TransportError } from '../../transport/transport.ts';
import { broken } from '../failure.ts';

/** Something under way on a session: it can be told that it is over. */
export interface Running {
  over(error: MicroError): void;
}

/** Streams at a time, whatever more the other side allows. */
const maxStreams = 100;
/** A session has 2³⁰ streams in its life; a busy one needs them up within a day. */
const maxRequests = 2 ** 29;
/**
 * A server on nghttp2, as Node's, takes a thousand resets and then 33 a second for an attack and ends the connection. Short of that we
 * move on to another: what still runs on this one may be called off too.
 */
const maxResets = 1000 - maxStreams - 50;
const resetsPerMs = 0.03;

const aborted = AbortSignal.abort();

/** How long it may be silent while calls wait on it, in milliseconds, before a call whose time is over makes nobody use it any more. */
const silenceMs = 1000;

/** One connection to a node, for many calls at a time. */
export class Session {
  readonly address: string;
  /** Settled when it can be used, or never can. A `MicroError`. */
  readonly opened: Promise<void>;
  /** It can be used now, without waiting. */
  isOpen = false;
  idleSince = 0;
  #http2: ClientHttp2Session | undefined;
  readonly #running: Bag<Running> = createBag();
  readonly #onClosed: (session: Session) => void;
  readonly #giveUp: (error: MicroError) => void;
  #waiting = 0;
  #limit = maxStreams;
  #requests = 0;
  #quietSince = 0;
  #resets = 0;
  #resetAt = 0;
  /** Nothing more is asked on it. */
  #retired = false;
  /** Its owner is closed. */
  #isOver = false;

  /** `dialing` rejects with a `MicroError`. */
  constructor(address: string, dialing: Promise<ClientHttp2Session>, onClosed: (session: Session) => void) {
    this.address = address;
    this.#onClosed = onClosed;
    const { promise, resolve, reject } = withResolvers<void>();
    this.opened = promise;
    this.#giveUp = reject;
    // Whoever waits for it hears of it; nobody may.
    promise.catch(() => {});
    dialing.then(
      (http2) => {
        this.#attach(http2);
        resolve();
      },
      (error: unknown) => {
        this.#retired = true;
        onClosed(this);
        reject(MicroError.from(error, 'go.micro.client'));
      },
    );
  }

  /** Calls that are on it or wait for it. */
  get load(): number {
    return this.#running.size + this.#waiting;
  }

  get isUsable(): boolean {
    if (this.#retired) return false;
    return this.#http2 === undefined || !(this.#http2.closed || this.#http2.destroyed);
  }

  /** False when one more call should look elsewhere. */
  get hasRoom(): boolean {
    return this.load < this.#limit;
  }

  /** One more call may begin at once: of those that waited for the session, not all may fit. */
  get hasSlot(): boolean {
    return this.#running.size < this.#limit;
  }

  /** A place for a call that waits until the session is open. */
  reserve(): void {
    this.#waiting += 1;
  }

  unreserve(): void {
    this.#waiting -= 1;
    this.#settle();
  }

  /** Throws a `MicroError` when the session is gone. */
  request(headers: OutgoingHttpHeaders): ClientHttp2Stream {
    const http2 = this.#http2;
    if (http2 === undefined || http2.closed || http2.destroyed) {
      throw broken(new TransportError('unreachable', `the connection to ${this.address} is closed`));
    }
    this.#requests += 1;
    if (this.#requests >= maxRequests) this.#retired = true;
    return http2.request(headers);
  }

  begin(running: Running): Place<Running> {
    if (this.#running.size === 0) this.#quietSince = Date.now();
    return this.#running.add(running);
  }

  end(place: Place<Running>): void {
    if (this.#running.remove(place)) this.#settle();
  }

  /** Calls a stream off. To close it would say first that we have said everything, and a handler could take half of it for the whole. */
  reset(stream: ClientHttp2Stream): void {
    if (stream.destroyed || stream.closed) return;
    const now = Date.now();
    this.#resets = Math.max(0, this.#resets - (now - this.#resetAt) * resetsPerMs) + 1;
    this.#resetAt = now;
    if (this.#resets >= maxResets) this.#retired = true;
    addAbortSignal(aborted, stream);
  }

  /** The other side let hear from it. */
  heard(): void {
    this.#quietSince = Date.now();
  }

  /** A call's time is over. When nothing else was heard either, the other side may be gone without a word. */
  timedOut(): void {
    if (Date.now() - this.#quietSince > silenceMs) this.#retired = true;
  }

  /** Ends what is under way. */
  over(error: MicroError): void {
    this.#retired = true;
    this.#isOver = true;
    this.#giveUp(error);
    for (const { value } of this.#running.places()) value.over(error);
  }

  /** Takes leave of the other side; resolves when the connection is closed, or after `graceMs`. */
  async leave(graceMs: number): Promise<void> {
    this.#retired = true;
    const http2 = this.#http2;
    if (http2 === undefined || http2.destroyed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => http2.destroy(), graceMs);
      http2.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      http2.close();
    });
  }

  #attach(http2: ClientHttp2Session): void {
    this.#http2 = http2;
    if (this.#isOver) http2.destroy();
    // It may have been closed in the moment it was opened: whoever waits for it is told when it asks.
    if (http2.destroyed) {
      this.#retired = true;
      this.#onClosed(this);
      return;
    }
    this.isOpen = true;
    this.idleSince = Date.now();
    this.#limitTo(http2.remoteSettings.maxConcurrentStreams);
    http2.on('remoteSettings', ({ maxConcurrentStreams }) => this.#limitTo(maxConcurrentStreams));
    http2.on('goaway', () => {
      this.#retired = true;
    });
    http2.once('close', () => {
      this.isOpen = false;
      this.#retired = true;
      this.#onClosed(this);
    });
  }

  /** One stream is tried even where none is allowed: the other side may change its mind before the call's time is over. */
  #limitTo(allowed: number | undefined): void {
    this.#limit = Math.max(1, Math.min(allowed ?? maxStreams, maxStreams));
  }

  #settle(): void {
    if (this.load > 0) return;
    this.idleSince = Date.now();
    if (!this.#retired || this.#http2 === undefined || this.#http2.destroyed) return;
    // It may be that nobody is there to take leave of.
    if (!this.#http2.closed) this.#http2.destroy();
  }
}
