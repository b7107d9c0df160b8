import { createSecureContext } from 'node:tls';
import type { NodeConnectionOptions } from '@nats-io/transport-node';

/** How the connection is kept from others' eyes. Certificates and keys are PEM, as text or bytes. */
export interface NatsTls {
  /** Who we are, for a server that asks. */
  readonly cert?: string | Uint8Array;
  readonly key?: string | Uint8Array;
  /** Who may vouch for the server. Default: the authorities that Node knows. */
  readonly ca?: string | Uint8Array;
  /** Takes any server for the one that was meant. Default false. */
  readonly insecure?: boolean;
}

/** Servers of one cluster. */
export interface NatsServers {
  /** How to connect to any of them, and again when the connection is lost. */
  readonly options: NodeConnectionOptions;
  /** Their addresses for people: without users, passwords and tokens. */
  readonly shown: string;
}

/** An address that is no NATS server's, or a certificate that can't be used. */
export class NatsOptionsError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NatsOptionsError';
  }
}

const schemes = ['nats:', 'tls:'];

/**
 * Reads addresses of servers: `nats://user:password@host:4222`, `nats://token@host`, `tls://host` or `host:4222`; none means
 * `nats://127.0.0.1:4222`. Throws a `NatsOptionsError`.
 */
export function natsServers(servers: readonly string[], tls?: NatsTls): NatsServers {
  const urls = (servers.length > 0 ? servers : ['127.0.0.1:4222']).map(urlOf);
  const isSecure = tls !== undefined || urls.some(({ protocol }) => protocol === 'tls:');
  const options: NodeConnectionOptions = {
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
  return { options, shown: urls.map(({ protocol, host }) => `${protocol}//${host}`).join(',') };
}

function urlOf(server: string): URL {
  const text = server.includes('://') ? server : `nats://${server}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // The text may hold a password: it is not repeated.
  if (url === undefined || url.hostname === '' || !schemes.includes(url.protocol) || !isDecodable(url) || !isPlain(url))
    throw new NatsOptionsError('a NATS server is given as nats://host:port, tls://host:port or host:port');
  return url;
}

/** What follows a slash may be the rest of a password. */
const isPlain = ({ pathname, search, hash }: URL): boolean => /^\/?$/.test(pathname) && `${search}${hash}` === '';

function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(`${username} ${password}`);
    return true;
  } catch {
    return false;
  }
}

/** A user without a password is a token, as in Go. */
function credentialsOf(urls: readonly URL[]): NodeConnectionOptions {
  const { username, password } = urls.find((url) => url.username !== '') ?? { username: '', password: '' };
  if (username === '') return {};
  const user = decodeURIComponent(username);
  return password === '' ? { token: user } : { user, pass: decodeURIComponent(password) };
}

function tlsOf({ cert, key, ca, insecure = false }: NatsTls): NonNullable<NodeConnectionOptions['tls']> {
  const parts = {
    ...(cert === undefined ? {} : { cert: textOf(cert) }),
    ...(key === undefined ? {} : { key: textOf(key) }),
    ...(ca === undefined ? {} : { ca: textOf(ca) }),
  };
  // Says what is wrong with them before anybody connects.
  if ((cert === undefined) !== (key === undefined)) throw new NatsOptionsError('cert and key belong together');
  try {
    createSecureContext(parts);
  } catch (error) {
    // OpenSSL names what it could not read, not what was in it.
    const reason = error instanceof Error ? error.message : 'unknown';
    throw new NatsOptionsError(`the TLS certificate, key or ca can't be used: ${reason}`, { cause: error });
  }
  return { ...parts, ...(insecure ? { rejectUnauthorized: false } : {}) };
}

const textOf = (pem: string | Uint8Array): string => (typeof pem === 'string' ? pem : Buffer.from(pem).toString());
