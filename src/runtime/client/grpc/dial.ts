import type { ClientHttp2Session } from 'node:http2';
import { connect } from 'node:http2';
import type { Socket } from 'node:net';
import { dialTcp } from '../../transport/tcp-dial.ts';
import type { TlsDialing } from '../../transport/tls.ts';
import { TransportError } from '../../transport/transport.ts';

/** What a peer may send on one stream before we have read it; slow readers hold its sender back with this. */
const windowBytes = 256 * 1024;
/** The same for all streams of a session together. */
const sessionWindowBytes = 4 * 1024 * 1024;
/** Node counts what it queues for a session; its 10 MB would refuse a third call with a large message. */
const maxSessionMegabytes = 1024;
/** When nothing is heard for so long the kernel asks the other side. It is no ping of HTTP/2: Go's servers count those. */
const keepAliveMs = 60_000;

/**
 * A connection to `host:port` whose other side has shown that it speaks HTTP/2. Rejects with a `TransportError`: `unreachable`,
 * `timeout`, or `invalid` when the other side can't be trusted or speaks something else.
 */
export async function dial(
  address: string,
  tls: TlsDialing | undefined,
  timeoutMs: number,
): Promise<ClientHttp2Session> {
  const startedAt = Date.now();
  const socket = await dialTcp(address, { tls, alpn: 'h2', timeoutMs });
  if ('alpnProtocol' in socket && socket.alpnProtocol !== 'h2') {
    socket.destroy();
    throw new TransportError('invalid', `${address} does not speak HTTP/2 inside of TLS`);
  }
  socket.setKeepAlive(true, keepAliveMs);
  const leftMs = Math.max(1, timeoutMs - (Date.now() - startedAt));
  return greet(socket, `${tls === undefined ? 'http' : 'https'}://${address}`, address, leftMs);
}

/** Waits for the first word of the other side. */
function greet(socket: Socket, authority: string, address: string, timeoutMs: number): Promise<ClientHttp2Session> {
  return new Promise((resolve, reject) => {
    const session = connect(authority, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: windowBytes },
      maxSessionMemory: maxSessionMegabytes,
    });
    const timer = setTimeout(() => {
      reject(new TransportError('timeout', `${address} did not answer within ${timeoutMs} ms`));
      session.destroy();
    }, timeoutMs);
    // Without a listener an error would end the process. Once the session is open, `close` tells its owner the same.
    session.on('error', (error) => {
      const text = `${address} does not speak HTTP/2: ${error.message}`;
      reject(new TransportError('invalid', text, { cause: error }));
    });
    session.once('close', () => {
      clearTimeout(timer);
      reject(new TransportError('unreachable', `cannot reach ${address}: it closed the connection`));
    });
    session.once('remoteSettings', () => {
      clearTimeout(timer);
      if (session.destroyed) return;
      session.setLocalWindowSize(sessionWindowBytes);
      resolve(session);
    });
  });
}
