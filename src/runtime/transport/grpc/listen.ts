import type { Http2Server, IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { createServer } from 'node:http2';
import type { Log } from '../../../log/log.ts';
import { encodeMessage } from '../../grpc/percent.ts';
import { grpcStatus } from '../../grpc/status.ts';
import { watchSession } from '../../grpc/watch-session.ts';
import { formatAddress } from '../address.ts';
import { listenTcp } from '../tcp-listen.ts';
import type { TlsOptions } from '../tls.ts';
import type { Listener, Receiver, Socket, TransportError } from '../transport.ts';
import type { GrpcSettings } from './settings.ts';
import { methods, sessionOptions, windowBytes } from './settings.ts';
import type { Ends } from './socket.ts';
import { GrpcSocket } from './socket.ts';

export interface ServerSettings extends GrpcSettings {
  readonly methods: ReadonlySet<string>;
  readonly tls: TlsOptions | undefined;
  readonly log: Log;
}

const contentType = 'application/grpc';

/** Listens on the first free port of the address. Rejects as `listenTcp` does. */
export async function listen(
  address: string,
  accept: (socket: Socket) => Receiver,
  settings: ServerSettings,
): Promise<Listener> {
  const { tls, log, headTimeoutMs } = settings;
  const sessions = new Set<ServerHttp2Session>();
  const server = serving(accept, settings);
  server.on('session', (session) => {
    sessions.add(session);
    const timer = setTimeout(() => session.destroy(), headTimeoutMs);
    session.once('remoteSettings', () => clearTimeout(timer));
    watchSession(session, headTimeoutMs);
    session.once('close', () => {
      clearTimeout(timer);
      sessions.delete(session);
    });
    session.setLocalWindowSize(windowBytes);
  });
  server.on('sessionError', (error) => log.debug('an HTTP/2 connection failed', { error }));
  const listener = await listenTcp(address, { tls, alpn: 'h2', handshakeTimeoutMs: headTimeoutMs, log }, (net) => {
    net.on('error', () => net.destroy());
    server.emit('connection', net);
  });
  return {
    address: listener.address,
    async close() {
      await listener.close();
      // Each goes when its last stream is over.
      for (const session of sessions) session.close();
    },
  };
}

/** Makes sockets of the streams that ask for the method, and tells the others that they are wrong here. */
function serving(accept: (socket: Socket) => Receiver, settings: ServerSettings): Http2Server {
  const server = createServer(sessionOptions);
  server.on('stream', (stream, headers) => {
    const refusal = refusalOf(headers, settings.methods);
    if (refusal !== undefined) {
      stream.on('error', () => {});
      stream.respond(refusal, { endStream: true });
      return;
    }
    const { session } = stream;
    if (session === undefined) return;
    const { localAddress, localPort, remoteAddress, remotePort } = session.socket;
    const ends = { local: formatAddress(localAddress, localPort), remote: formatAddress(remoteAddress, remotePort) };
    const socket = new ServerSocket(stream, ends, settings);
    socket.start(accept(socket));
  });
  return server;
}

function refusalOf(
  headers: IncomingHttpHeaders,
  known: ReadonlySet<string>,
): Record<string, string | number> | undefined {
  const path = headers[':path'] ?? '';
  const isGrpc = /^application\/grpc(?:$|[+;])/.test(headers['content-type'] ?? '');
  if (headers[':method'] !== 'POST') return { ':status': 405 };
  if (!isGrpc) return { ':status': 415 };
  return known.has(path)
    ? undefined
    : statusHeaders(grpcStatus.unimplemented, `unknown method ${path}`, {
        ':status': 200,
        'content-type': contentType,
      });
}

const statusHeaders = (
  status: number,
  text: string,
  more: Record<string, string | number> = {},
): Record<string, string | number> => ({
  ...more,
  'grpc-status': String(status),
  'grpc-message': encodeMessage(text),
});

/** The side that listened. */
class ServerSocket extends GrpcSocket {
  #error: TransportError | undefined;

  constructor(stream: ServerHttp2Stream, ends: Ends, settings: ServerSettings) {
    super(stream, ends, settings);
    stream.on('wantTrailers', () => {
      const error = this.#error;
      stream.sendTrailers(
        error === undefined ? statusHeaders(grpcStatus.ok, '') : statusHeaders(statusOf(error), error.message),
      );
    });
    stream.respond({ ':status': 200, 'content-type': contentType }, { waitForTrailers: true });
  }

  /** The session is the client's, and has a watch of its own. */
  protected override leave(): void {}

  /** A client says nothing after its messages. */
  protected override reason(): undefined {}

  protected override refuse(error: TransportError): void {
    this.#error = error;
    // What still comes is read and dropped, so that the refusal gets through.
    this.stream.resume();
    this.stream.end();
  }
}

function statusOf(error: TransportError): number {
  switch (error.code) {
    case 'too_large':
      return grpcStatus.resourceExhausted;
    case 'timeout':
      return grpcStatus.deadlineExceeded;
    case 'invalid':
    case 'reset':
    case 'unreachable':
    case 'unavailable':
      return grpcStatus.internal;
    default:
      return error.code satisfies never;
  }
}

export const knownMethods: ReadonlySet<string> = new Set(Object.values(methods));
