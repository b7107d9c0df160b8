import { withResolvers } from '../../../async/queue.ts';
import { MicroError } from '../../errors.ts';
import type { Connection, ConnectionOwner, Stream, StreamReceiver } from '../../http2/http2.ts';
import { errorCode } from '../../http2/http2.ts';
import { TransportError } from '../../transport/transport.ts';
import type { Budget } from '../budget.ts';
import { broken } from '../failure.ts';
import type { Heads } from './heads.ts';
import { Resets } from './resets.ts';

/** Streams at a time, whatever more the other side allows. */
const maxStreams = 100;

/** How long a node may be silent while calls wait on it, in milliseconds, before a call whose time is over makes nobody use it any more. */
const silenceMs = 1000;

/** One connection to a node, for many calls at a time. */
export class Session implements ConnectionOwner {
  readonly address: string;
  readonly heads: Heads;
  /** Counts what the other side has answered. */
  heard = 0;
  /** Why this side has ended what was under way. */
  reason: MicroError | undefined;
  /** Settled when it can be used, or never can. A `MicroError`. */
  readonly #ready: Promise<void>;
  #connection: Connection | undefined;
  #isOpen = false;
  /** Nothing more is asked on it. */
  #isRetired = false;
  readonly #onClosed: (session: Session) => void;
  readonly #giveUp: (error: MicroError) => void;
  readonly #gone: Promise<void>;
  readonly #leftBehind: () => void;
  /** Calls that wait for the session, and those of them that wait until another one is over. */
  #waiting = 0;
  readonly #queue = new Set<() => void>();
  /** How many streams the other side takes at a time. */
  #allowed = Number.POSITIVE_INFINITY;
  readonly #resets = new Resets();
  #asked = 0;
  /** What was asked when somebody last looked. */
  #seen = -1;
  /** What was heard when a call's time was over, and when that was. */
  #lastHeard = -1;
  #lastHeardAt = 0;

  /** `dialing` rejects with a `MicroError`; it is told whom the connection tells. */
  constructor(
    address: string,
    heads: Heads,
    dialing: (owner: ConnectionOwner) => Promise<Connection>,
    onClosed: (session: Session) => void,
  ) {
    this.address = address;
    this.heads = heads;
    this.#onClosed = onClosed;
    const { promise, resolve, reject } = withResolvers<void>();
    this.#ready = promise;
    this.#giveUp = reject;
    // Whoever waits for it hears of it; nobody may.
    promise.catch(() => {});
    ({ promise: this.#gone, resolve: this.#leftBehind } = withResolvers<void>());
    dialing(this).then(
      (connection) => {
        this.#attach(connection);
        resolve();
      },
      (error: unknown) => {
        this.closed();
        reject(MicroError.from(error, 'go.micro.client'));
      },
    );
  }

  get isUsable(): boolean {
    return !this.#isRetired;
  }

  /** A call can begin on it now. */
  get isFree(): boolean {
    return this.#isOpen && !this.#isRetired && this.#streams < this.#allowed;
  }

  /** Calls that are on it or wait for it. */
  get load(): number {
    return this.#streams + this.#waiting;
  }

  /** False when one more call should look elsewhere. */
  get hasRoom(): boolean {
    return this.load < this.#limit;
  }

  /** Runs `use` as soon as a call can begin here, unless it had better look `elsewhere`. */
  async wait<T>(budget: Budget, use: () => Promise<T>, elsewhere: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    try {
      if (this.#isOpen) await this.#turn(budget);
      else await this.#opened(budget);
      while (!this.isFree && !this.#isCrowded && !this.#isRetired) await this.#turn(budget);
      return this.isFree && !this.#isCrowded ? use() : elsewhere();
    } finally {
      this.#waiting -= 1;
      this.#callNext();
    }
  }

  /** Throws a `MicroError` when the session is gone. */
  open(receiver: StreamReceiver): Stream {
    if (this.#connection === undefined) throw this.#closedError();
    this.#asked += 1;
    try {
      return this.#connection.open(receiver);
    } catch (error) {
      throw this.#closedError(error);
    }
  }

  /** Calls a stream off. */
  reset(stream: Stream): void {
    if (stream.isOver) return;
    if (!this.#resets.add()) this.#retire();
    stream.reset(errorCode.cancel);
    this.left();
  }

  /** A stream is over. */
  left(): void {
    this.#callNext();
    // It may be that nobody is there to take leave of.
    if (this.#isRetired && this.load === 0) this.#connection?.destroy();
  }

  /**
   * The time of a call is over that began so long ago, when `heard` was `before`. When nothing else was heard either, meanwhile or since
   * another call's time was over, the other side may be gone without a word.
   */
  timedOut(before: number, forMs: number): void {
    const now = Date.now();
    const silentMs = this.heard === this.#lastHeard ? now - this.#lastHeardAt : 0;
    if (silentMs > silenceMs || (this.heard === before && forMs > silenceMs)) this.#retire();
    if (silentMs > 0) return;
    this.#lastHeard = this.heard;
    this.#lastHeardAt = now;
  }

  /** Whether nothing was asked on it since this was last asked. */
  isIdle(): boolean {
    const isIdle = this.#isOpen && this.load === 0 && this.#asked === this.#seen;
    this.#seen = this.load === 0 ? this.#asked : -1;
    return isIdle;
  }

  /** Ends what is under way, for a reason. */
  over(reason: MicroError): void {
    this.reason = reason;
    this.#giveUp(reason);
    this.#retire();
    this.#connection?.destroy();
  }

  /** Takes leave of the other side; resolves when the connection is closed, or after `graceMs`. */
  async leave(graceMs: number): Promise<void> {
    this.#retire();
    const connection = this.#connection;
    if (connection === undefined) return;
    connection.retire();
    const timer = setTimeout(() => connection.destroy(), graceMs);
    await this.#gone;
    clearTimeout(timer);
  }

  limited(allowed: number): void {
    this.#allowed = allowed;
    this.#callNext();
  }

  retired(): void {
    this.#retire();
  }

  closed(): void {
    this.#isOpen = false;
    this.#retire();
    this.#leftBehind();
    this.#onClosed(this);
  }

  get #streams(): number {
    return this.#connection?.streams ?? 0;
  }

  /** One stream is tried even where none is allowed: the other side may change its mind before the call's time is over. */
  get #limit(): number {
    return Math.max(1, Math.min(this.#allowed, maxStreams));
  }

  get #isCrowded(): boolean {
    return this.#streams >= this.#limit;
  }

  #attach(connection: Connection): void {
    this.#connection = connection;
    this.#isOpen = !connection.isOver;
    if (this.reason !== undefined) connection.destroy();
  }

  #retire(): void {
    this.#isRetired = true;
    this.#callNext();
  }

  async #opened(budget: Budget): Promise<void> {
    await budget.guard(this.#ready);
    // It may have been closed in the moment it was opened.
    if (this.#isRetired) throw this.#closedError();
  }

  /** Until another call is over, or none can begin here any more. */
  async #turn(budget: Budget): Promise<void> {
    const { promise, resolve } = withResolvers<void>();
    this.#queue.add(resolve);
    try {
      await budget.guard(promise);
    } finally {
      this.#queue.delete(resolve);
    }
  }

  #callNext(): void {
    if (this.#queue.size === 0 || !(this.isFree || this.#isRetired)) return;
    for (const call of this.#queue) {
      this.#queue.delete(call);
      call();
      if (!this.#isRetired) return;
    }
  }

  #closedError(cause?: unknown): MicroError {
    if (cause instanceof TransportError) return broken(cause);
    return broken(new TransportError('unreachable', `the connection to ${this.address} is closed`));
  }
}
