import type { Socket } from 'node:net';
import type { Metadata } from '../../../discovery/registry.ts';
import type { MicroError } from '../../errors.ts';
import type {
  Connection as Http2Connection,
  ConnectionOwner,
  Head,
  Stream,
  StreamReceiver,
} from '../../http2/http2.ts';
import { Http2Error } from '../../http2/frame.ts';
import { errorCode } from '../../http2/http2.ts';
import { http2Server } from '../../http2/server.ts';
import { formatAddress } from '../../transport/address.ts';
import { connectionLimits } from './limits.ts';
import type { Parent, Setup } from './incoming.ts';
import { Incoming } from './incoming.ts';

/** One caller's connection: each of its streams is a call. */
export class Connection implements Parent, ConnectionOwner {
  readonly setup: Setup;
  /** Metadata that the connection adds to each call's. */
  readonly ends: Metadata;
  readonly #http2: Http2Connection;
  readonly #calls: Incoming[] = [];
  readonly #onClosed: (connection: Connection) => void;
  readonly #silent: NodeJS.Timeout;

  constructor(setup: Setup, socket: Socket, onClosed: (connection: Connection) => void) {
    this.setup = setup;
    this.ends = {
      Local: formatAddress(socket.localAddress, socket.localPort),
      Remote: formatAddress(socket.remoteAddress, socket.remotePort),
    };
    this.#onClosed = onClosed;
    const { maxStreams, requestTimeoutMs } = setup.limits;
    this.#silent = setTimeout(() => this.destroy(), requestTimeoutMs);
    this.#http2 = http2Server(socket, this, connectionLimits(maxStreams));
  }

  opened(): void {
    clearTimeout(this.#silent);
  }

  stream(stream: Stream, head: Head, ends: boolean): StreamReceiver {
    const call = new Incoming(this, stream, head);
    call.place = this.#calls.push(call) - 1;
    call.start();
    if (ends) call.finish();
    return call;
  }

  closed(error: Error | undefined): void {
    clearTimeout(this.#silent);
    if (error !== undefined) this.#report(error);
    this.#onClosed(this);
  }

  /** Takes no more calls, and says so. Those that run go on. */
  retire(): void {
    this.#http2.retire();
  }

  abort(reason: MicroError): void {
    for (const call of this.#calls.slice()) call.abort(reason);
  }

  destroy(): void {
    this.#http2.destroy();
  }

  /** Gives up on requests that do not become complete. */
  sweep(): void {
    for (const call of this.#calls.slice()) call.sweep();
  }

  remove(call: Incoming): void {
    if (this.#calls[call.place] !== call) return;
    const last = this.#calls.pop();
    if (last === undefined || last === call) return;
    this.#calls[call.place] = last;
    last.place = call.place;
  }

  #report(error: Error): void {
    const { log } = this.setup.core;
    const about = { remote: this.ends['Remote'], error };
    if (!(error instanceof Http2Error)) log.debug('the connection of a caller broke', about);
    else if (error.code === errorCode.enhanceYourCalm) log.warn('a caller asks too much of its connection', about);
    else log.info('a caller broke the rules of HTTP/2', about);
  }
}
