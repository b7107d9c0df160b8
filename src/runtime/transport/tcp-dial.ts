import type { OnReadOpts, Socket as NetSocket } from 'node:net';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { parseAddress } from './address.ts';
import type { TlsDialing } from './tls.ts';
import { connectionTo } from './tls.ts';
import { TransportError } from './transport.ts';

export interface TcpDialOptions {
  readonly timeoutMs: number;
  readonly tls?: TlsDialing | undefined;
  /** The protocol that is spoken inside of TLS, by its ALPN name. */
  readonly alpn: string;
  /** Only without TLS. */
  readonly onread?: OnReadOpts;
}

/**
 * Connects to `host:port`. Rejects with `unreachable`, `timeout` or, for an address of another form and for who can't be trusted,
 * `invalid`. Nothing can have come from the other side when the promise resolves.
 */
export async function dialTcp(address: string, options: TcpDialOptions): Promise<NetSocket> {
  const { timeoutMs, tls } = options;
  const { host, firstPort, lastPort } = parseAddress(address);
  if (firstPort === 0 || firstPort !== lastPort) throw new TransportError('invalid', `"${address}" has no single port`);
  return new Promise((resolve, reject) => {
    const net = open(host === '' ? 'localhost' : host, firstPort, options);
    let isConnected = false;
    const timer = setTimeout(() => {
      net.destroy();
      reject(new TransportError('timeout', `${address} did not answer within ${timeoutMs} ms`));
    }, timeoutMs);
    const failed = (error: NodeJS.ErrnoException): void => {
      clearTimeout(timer);
      reject(isConnected && tls !== undefined ? untrusted(address, error) : unreachable(address, error));
    };
    net.once('error', failed);
    net.once('connect', () => {
      isConnected = true;
    });
    net.once(tls === undefined ? 'connect' : 'secureConnect', () => {
      clearTimeout(timer);
      net.off('error', failed);
      resolve(net);
    });
  });
}

function open(host: string, port: number, { tls, alpn, onread }: TcpDialOptions): NetSocket {
  const target = { host, port, noDelay: true, keepAlive: true };
  if (tls !== undefined) return connectTls({ ...target, ...connectionTo(host, tls, alpn) });
  return connect(onread === undefined ? target : { ...target, onread });
}

const unreachable = (address: string, error: NodeJS.ErrnoException): TransportError =>
  new TransportError('unreachable', `cannot reach ${address}: ${error.code ?? error.message}`, { cause: error });

/** What went wrong between the connection and the end of the TLS handshake. */
function untrusted(address: string, error: NodeJS.ErrnoException): TransportError {
  const { code = '', message } = error;
  if (code === 'ECONNRESET') return unreachable(address, error);
  // Node names what the other side sent after OpenSSL's reason, or leaves it in the message.
  const isPlain = /WRONG_VERSION_NUMBER|UNKNOWN_PROTOCOL|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/.test(
    code + message.toUpperCase().replaceAll(' ', '_'),
  );
  const why = isPlain ? 'it does not speak TLS' : `${firstLine(message)}${code === '' ? '' : ` (${code})`}`;
  return new TransportError('invalid', `cannot speak TLS with ${address}: ${why}`, { cause: error });
}

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';
