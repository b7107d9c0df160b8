import { createServer, type RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from '../../../log/log.ts';
import { InputError } from '../../input.ts';
import type { BindAddress } from './address.ts';

export interface ListenOptions {
  readonly bind: BindAddress;
  readonly serve: RequestListener;
  /** How long a request may take to arrive. */
  readonly patienceMs: number;
  readonly maxConnections: number;
  /** Called for each connection that is one too many. */
  readonly onDrop: () => void;
  readonly log: Log;
}

export interface Listener {
  /** What others dial, as `host:port`. */
  readonly address: string;
  /** Takes no more connections. Requests that are under way are answered, for two seconds at most; then nobody is connected. */
  close(): Promise<void>;
}

const graceMs = 2000;
/** Longer than proxies in front of us keep a connection: it's they who close it, not we under their next request. */
const keepAliveTimeout = 75_000;
const maxHeaderSize = 16 * 1024;

/** Rejects with an `InputError` (`config`). */
export async function listen(options: ListenOptions): Promise<Listener> {
  const { bind, serve, patienceMs, maxConnections, onDrop, log } = options;
  const sockets = new Set<Socket>();
  const server = createServer(
    {
      maxHeaderSize,
      headersTimeout: patienceMs,
      requestTimeout: patienceMs,
      connectionsCheckingInterval: patienceMs / 10,
      keepAliveTimeout,
    },
    serve,
  );
  server.maxConnections = maxConnections;
  server.on('drop', onDrop);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  await new Promise<void>((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      const reason = reasons.get(error.code) ?? error.message;
      reject(new InputError('config', `Slack over HTTP cannot listen on ${bind.text}: ${reason}`, { cause: error }));
    };
    server.once('error', failed);
    server.listen({ port: bind.port, ...(bind.host === undefined ? {} : { host: bind.host }) }, () => {
      server.off('error', failed);
      resolve();
    });
  });

  server.on('error', (error) => log.warn('a connection over HTTP could not be accepted', { error }));
  const bound = server.address();
  return {
    address: typeof bound === 'object' && bound !== null ? dialled(bound.address, bound.port) : bind.text,
    async close() {
      const grace = setTimeout(() => server.closeAllConnections(), graceMs);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Node waits for the first request of those who only connected.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
      await closed;
      clearTimeout(grace);
    },
  };
}

const reasons: ReadonlyMap<string | undefined, string> = new Map([
  ['EADDRINUSE', 'the port is in use'],
  ['EACCES', 'the port is not ours to use'],
  ['EADDRNOTAVAIL', 'this machine has no such address'],
  ['ENOTFOUND', 'this machine has no such address'],
]);

/** All interfaces are no address to dial. */
const dialled = (address: string, port: number): string => {
  const host = address === '::' || address === '0.0.0.0' ? '127.0.0.1' : address;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
};
