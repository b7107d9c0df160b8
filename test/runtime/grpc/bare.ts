import { once } from 'node:events';
import type {
  ClientHttp2Session,
  IncomingHttpHeaders,
  OutgoingHttpHeaders,
  ServerHttp2Session,
  ServerHttp2Stream,
} from 'node:http2';
import { connect, createServer } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { onTestFinished } from 'vitest';

/*
 * HTTP/2 without gRPC: what is sent is exactly what a test says.
 */

export interface BareAnswer {
  readonly head: IncomingHttpHeaders | undefined;
  readonly body: Buffer;
  readonly trailers: IncomingHttpHeaders | undefined;
  readonly rstCode: number;
}

/** A session to a server; it ends with the test. Rejects when the server closes it before its first word. */
export async function bareClient(address: string): Promise<ClientHttp2Session> {
  const session = connect(`http://${address}`);
  session.on('error', () => {});
  onTestFinished(() => session.destroy());
  return await new Promise((resolve, reject) => {
    session.once('remoteSettings', () => resolve(session));
    // Node tells of a connection that ends in order by no error, only by this.
    session.once('close', () => reject(new Error(`${address} closed the connection before its settings`)));
  });
}

/** Headers of a request as gRPC peers write them. */
export const headers = (path: string, more: OutgoingHttpHeaders = {}): OutgoingHttpHeaders => ({
  ':method': 'POST',
  ':path': path,
  'content-type': 'application/grpc+json',
  te: 'trailers',
  ...more,
});

/** Sends one request, whole, and waits for everything that comes back. */
export function ask(session: ClientHttp2Session, head: OutgoingHttpHeaders, body: Buffer): Promise<BareAnswer> {
  const stream = session.request(head);
  stream.end(body);
  return answerOf(stream);
}

export function answerOf(stream: ReturnType<ClientHttp2Session['request']>): Promise<BareAnswer> {
  const chunks: Buffer[] = [];
  let head: IncomingHttpHeaders | undefined;
  let trailers: IncomingHttpHeaders | undefined;
  stream.on('error', () => {});
  stream.on('response', (received) => (head = received));
  stream.on('trailers', (received) => (trailers = received));
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => {
    stream.on('close', () => resolve({ head, body: Buffer.concat(chunks), trailers, rstCode: stream.rstCode }));
  });
}

/** What a request was, whole. */
export interface BareRequest {
  readonly head: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface BareServer {
  readonly address: string;
  /** How many were opened. */
  readonly sessions: number;
  /** The last one. */
  readonly session: ServerHttp2Session | undefined;
  /** All requests, complete or not. */
  readonly streams: readonly ServerHttp2Stream[];
  /** Cuts all connections, as when its process is killed. */
  kill(): void;
}

/** A server that does with each request what `answer` says; the body is there when it is called. */
export async function bareServer(
  answer: (stream: ServerHttp2Stream, request: BareRequest) => void,
  maxConcurrentStreams: number = 1000,
): Promise<BareServer> {
  const server = createServer({ settings: { maxConcurrentStreams } });
  let sessions = 0;
  let last: ServerHttp2Session | undefined;
  server.on('session', (session) => {
    sessions += 1;
    last = session;
    session.on('error', () => {});
    onTestEnd.push(() => session.destroy());
  });
  const onTestEnd: (() => void)[] = [];
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => sockets.push(socket));
  const kill = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const streams: ServerHttp2Stream[] = [];
  server.on('stream', (stream, head) => {
    streams.push(stream);
    const chunks: Buffer[] = [];
    stream.on('error', () => {});
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => answer(stream, { head, body: Buffer.concat(chunks) }));
  });
  server.listen(0, '127.0.0.1');
  onTestFinished(() => {
    for (const end of onTestEnd) end();
    server.close();
  });
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get sessions() {
      return sessions;
    },
    get session() {
      return last;
    },
    streams,
    kill,
  };
}

/** Answers as gRPC does: a head, one message if there is one, trailers. */
export function reply(stream: ServerHttp2Stream, body: Buffer | undefined, trailers: OutgoingHttpHeaders): void {
  if (stream.destroyed) return;
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  stream.respond({ ':status': 200, 'content-type': 'application/grpc+json' }, { waitForTrailers: true });
  stream.end(body);
}

/** A port that takes connections and never says a word. */
export async function silentPort(): Promise<{ readonly address: string; readonly connections: number }> {
  let connections = 0;
  const address = await plainPort(() => (connections += 1));
  return {
    address,
    get connections() {
      return connections;
    },
  };
}

/** A port that does with each connection what `answer` says once something has come; its address. */
export async function plainPort(answer: (socket: Socket) => void): Promise<string> {
  const sockets: Socket[] = [];
  const server = createTcpServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.once('data', () => answer(socket));
  });
  server.listen(0, '127.0.0.1');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
