import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Log } from '../../../log/log.ts';
import { type HostPort, parseAddress } from '../../transport/address.ts';
import { bind } from '../../transport/bind.ts';
import { type TlsOptions, tlsForListening } from '../../transport/tls.ts';
import { BrokerError } from '../broker.ts';
import { type Posted, readPost, Refusal, refuse } from './request.ts';

export interface ListenerOptions {
  /** `host:port`, as the transports take it. */
  readonly address: string;
  readonly tls: TlsOptions | undefined;
  /** Of one message as it comes. */
  readonly maxBytes: number;
  /** Answers the request, now or later. Throws a `Refusal`. */
  readonly receive: (posted: Posted, response: ServerResponse) => void;
  readonly log: Log;
}

export interface HttpListener {
  readonly address: string;
  /** Takes no more requests, and cuts those that have no answer yet. */
  close(): Promise<void>;
}

const limits = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5000,
};
const handshakeTimeout = 10_000;
const maxConnections = 4096;
/** Bodies that wait for busy handlers: more together than this are refused. */
const maxHeldBytes = 256 * 1024 * 1024;

/** Rejects with `unavailable`. */
export async function listenForPosts({ address, tls, maxBytes, receive, log }: ListenerOptions): Promise<HttpListener> {
  let heldBytes = 0;

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let bytes = 0;
    response.once('close', () => {
      heldBytes -= bytes;
    });
    try {
      if (heldBytes >= maxHeldBytes) throw new Refusal(503, 503, 'Too many messages wait');
      const posted = await readPost(request, maxBytes);
      if (response.destroyed) return;
      bytes = posted.body.length;
      heldBytes += bytes;
      receive(posted, response);
    } catch (error) {
      if (error instanceof Refusal) refuse(response, error);
      else {
        log.debug('a message did not arrive', { error });
        response.destroy();
      }
    }
  };

  const { server, bound } = await listen(address, tls, (request, response) => void serve(request, response));
  server.on('error', (error) => log.warn('a connection could not be accepted', { error }));
  return {
    address: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function listen(
  address: string,
  tls: TlsOptions | undefined,
  serve: RequestListener,
): Promise<{ readonly server: Server; readonly bound: string }> {
  const where = bindAddress(address);
  const unavailable = (cause: unknown): BrokerError => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new BrokerError('unavailable', `the http broker cannot listen on ${address}: ${reason}`, { cause });
  };
  try {
    const server =
      tls === undefined
        ? createServer(limits, serve)
        : createSecureServer({ ...tlsForListening(tls, where.host, 'http/1.1'), handshakeTimeout, ...limits }, serve);
    server.maxConnections = maxConnections;
    return { server, bound: await bind(server, where) };
  } catch (error) {
    throw unavailable(error);
  }
}

function bindAddress(address: string): HostPort {
  try {
    return parseAddress(address);
  } catch {
    // It may be meant for another broker and hold a password: it is not repeated.
    throw new BrokerError('invalid', 'the http broker listens on host:port, and its address is none');
  }
}
