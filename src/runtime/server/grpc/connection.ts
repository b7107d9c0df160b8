import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { constants, performServerHandshake } from 'node:http2';
import type { Socket } from 'node:net';
import type { Bag, Place } from '../../../async/bag.ts';
import { createBag } from '../../../async/bag.ts';
import type { Metadata } from '../../../discovery/registry.ts';
import type { MicroError } from '../../errors.ts';
import { watchSession } from '../../grpc/watch-session.ts';
import { formatAddress } from '../../transport/address.ts';
import {
  connectionWindowBytes,
  maxConnectionMegabytes,
  maxControlFrames,
  maxHeaderBytes,
  maxHeaders,
  windowBytes,
} from './limits.ts';
import type { Parent, Setup } from './incoming.ts';
import { Incoming } from './incoming.ts';

/** One caller's connection: each of its streams is a call. */
export class Connection implements Parent {
  readonly setup: Setup;
  /** Metadata that the connection adds to each call's. */
  readonly ends: Metadata;
  readonly #session: ServerHttp2Session;
  readonly #calls: Bag<Incoming> = createBag();
  readonly #onClosed: (connection: Connection) => void;
  #controlFrames = 0;

  constructor(setup: Setup, socket: Socket, onClosed: (connection: Connection) => void) {
    this.setup = setup;
    this.ends = {
      Local: formatAddress(socket.localAddress, socket.localPort),
      Remote: formatAddress(socket.remoteAddress, socket.remotePort),
    };
    this.#onClosed = onClosed;
    const { limits } = setup;
    this.#session = performServerHandshake(socket, {
      settings: {
        maxConcurrentStreams: limits.maxStreams,
        maxHeaderListSize: maxHeaderBytes,
        initialWindowSize: windowBytes,
        enablePush: false,
      },
      maxHeaderListPairs: maxHeaders,
      maxSessionMemory: maxConnectionMegabytes,
    });
    if (!this.#session.destroyed) this.#session.setLocalWindowSize(connectionWindowBytes);
    this.#listen(limits.requestTimeoutMs);
  }

  /** Takes no more calls, and says so. Those that run go on. */
  retire(): void {
    if (!this.#session.closed) this.#session.close();
  }

  abort(reason: MicroError): void {
    for (const { value } of this.#calls.places()) value.abort(reason);
  }

  destroy(): void {
    this.#session.destroy();
  }

  /** Gives up on requests that began before `startedBefore` and are not complete. */
  sweep(startedBefore: number): void {
    for (const { value } of this.#calls.places()) value.giveUp(startedBefore);
  }

  add(call: Incoming): Place<Incoming> {
    return this.#calls.add(call);
  }

  remove(place: Place<Incoming>): void {
    this.#calls.remove(place);
  }

  /** Something useful was said: pings are no flood. */
  useful(): void {
    this.#controlFrames = 0;
  }

  #listen(requestTimeoutMs: number): void {
    const session = this.#session;
    const { log } = this.setup.core;
    const silent = setTimeout(() => session.destroy(), requestTimeoutMs);
    session.once('remoteSettings', () => clearTimeout(silent));
    watchSession(session, requestTimeoutMs);
    session.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
      this.useful();
      // A caller may open and reset streams faster than we get to look at them.
      if (!stream.destroyed && !stream.closed) new Incoming(this, stream, headers).start();
    });
    session.on('ping', () => this.#control());
    session.on('remoteSettings', () => this.#control());
    session.on('error', (error) => {
      log.info('a caller broke the rules of HTTP/2', { remote: this.ends['Remote'], error });
    });
    session.once('close', () => {
      clearTimeout(silent);
      this.#onClosed(this);
    });
  }

  #control(): void {
    this.#controlFrames += 1;
    if (this.#controlFrames <= maxControlFrames || this.#session.destroyed) return;
    this.setup.core.log.warn('a caller sends pings and no calls', { remote: this.ends['Remote'] });
    this.#session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }
}
