import type { Socket as NetSocket } from 'node:net';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Log } from '../../log/log.ts';
import { formatAddress, parseAddress } from './address.ts';
import { bind } from './bind.ts';
import type { TlsOptions } from './tls.ts';
import { tlsForListening } from './tls.ts';
import type { Listener } from './transport.ts';
import { TransportError } from './transport.ts';

export interface TcpListenOptions {
  readonly tls?: TlsOptions | undefined;
  /** The protocol that is spoken inside of TLS, by its ALPN name. */
  readonly alpn: string;
  /** Until the TLS handshake must be done, in milliseconds. */
  readonly handshakeTimeoutMs: number;
  readonly log: Log;
}

/** Listens on the first free port of the address. Rejects with `unavailable`, or `invalid` for what is no address or certificate. */
export async function listenTcp(
  address: string,
  options: TcpListenOptions,
  accept: (net: NetSocket) => void,
): Promise<Listener> {
  const where = parseAddress(address);
  const { log, tls } = options;
  const acceptOpen = (net: NetSocket): void => {
    // The other side may be gone again already; such a socket has no addresses.
    if (net.remoteAddress === undefined) net.destroy();
    else accept(net);
  };
  const begin = tls === undefined ? acceptOpen : securing(tls, where.host, options, acceptOpen);
  const server = createServer({ noDelay: true, keepAlive: true }, begin);
  const bound = await bind(server, where).catch((error: NodeJS.ErrnoException) => {
    throw new TransportError('unavailable', `cannot listen on ${address}: ${error.code ?? error.message}`, {
      cause: error,
    });
  });
  server.on('error', (error) => log.warn('a connection could not be accepted', { error }));
  return {
    address: bound,
    close() {
      server.close();
      return Promise.resolve();
    },
  };
}

const handshake = 0x16;
const plainAnswer =
  'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\nContent-Length: 27\r\n\r\n' +
  'this port speaks only TLS\r\n';

/** Leads new connections through the TLS handshake. Who speaks without TLS is told so; the first byte tells. */
function securing(
  tls: TlsOptions,
  host: string,
  { alpn, handshakeTimeoutMs, log }: TcpListenOptions,
  accept: (net: NetSocket) => void,
): (net: NetSocket) => void {
  const secure = createTlsServer({ ...tlsForListening(tls, host, alpn), handshakeTimeout: handshakeTimeoutMs }, accept);
  secure.on('tlsClientError', (error, net) => {
    log.info('a TLS handshake failed', { remote: formatAddress(net.remoteAddress, net.remotePort), error });
    net.destroy();
  });
  return (net) => {
    const gone = (): void => void net.destroy();
    const timer = setTimeout(gone, handshakeTimeoutMs);
    net.once('error', gone);
    net.once('close', () => clearTimeout(timer));
    net.once('data', (first: Buffer) => {
      clearTimeout(timer);
      if (first[0] === handshake) {
        net.pause();
        net.off('error', gone);
        net.unshift(first);
        secure.emit('connection', net);
      } else {
        net.resume();
        net.setTimeout(handshakeTimeoutMs, gone);
        net.end(plainAnswer);
      }
    });
  };
}
