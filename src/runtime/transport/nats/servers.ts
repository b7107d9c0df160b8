import type { NodeConnectionOptions } from '@nats-io/transport-node';
import type { TlsOptions } from '../tls.ts';
import { tlsForDialing } from '../tls.ts';
import { TransportError } from '../transport.ts';

const schemes = ['nats:', 'tls:'];

/** How to connect to servers of one cluster. Throws a `TransportError` (`invalid`) for what is no server, or no certificate. */
export function connectionOptions(servers: readonly string[], tls: TlsOptions | undefined): NodeConnectionOptions {
  const urls = (servers.length > 0 ? servers : ['127.0.0.1:4222']).map(urlOf);
  const isSecure = tls !== undefined || urls.some(({ protocol }) => protocol === 'tls:');
  return {
    servers: urls.map(({ host }) => host),
    // For ever: the server comes back some time.
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: 250,
    reconnectJitter: 750,
    reconnectJitterTLS: 750,
    pingInterval: 20_000,
    ...credentialsOf(urls),
    ...(isSecure ? { tls: tlsOf(tls ?? {}) } : {}),
  };
}

function urlOf(server: string): URL {
  const text = server.includes('://') ? server : `nats://${server}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // The text may hold a password: it is not repeated.
  if (url === undefined || url.hostname === '' || !schemes.includes(url.protocol))
    throw new TransportError('invalid', 'a NATS server is given as nats://host:port, tls://host:port or host:port');
  return url;
}

/** A user without a password is a token, as in Go. */
function credentialsOf(urls: readonly URL[]): NodeConnectionOptions {
  const { username, password } = urls.find((url) => url.username !== '') ?? { username: '', password: '' };
  if (username === '') return {};
  const user = decodeURIComponent(username);
  return password === '' ? { token: user } : { user, pass: decodeURIComponent(password) };
}

function tlsOf(tls: TlsOptions): NonNullable<NodeConnectionOptions['tls']> {
  // Says what is wrong with them before anybody connects.
  tlsForDialing(tls);
  const { cert, key, ca, insecure = false } = tls;
  return {
    ...(cert === undefined ? {} : { cert: textOf(cert) }),
    ...(key === undefined ? {} : { key: textOf(key) }),
    ...(ca === undefined ? {} : { ca: textOf(ca) }),
    ...(insecure ? { rejectUnauthorized: false } : {}),
  };
}

const textOf = (pem: string | Uint8Array): string => (typeof pem === 'string' ? pem : Buffer.from(pem).toString());
