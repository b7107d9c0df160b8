import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import { connect } from 'node:http2';
import type { Socket as NetSocket } from 'node:net';
import { decodeMessage } from '../../grpc/percent.ts';
import { grpcStatus } from '../../grpc/status.ts';
import { formatAddress } from '../address.ts';
import { dialTcp } from '../tcp-dial.ts';
import type { TlsDialing } from '../tls.ts';
import type { Receiver, Socket } from '../transport.ts';
import { TransportError } from '../transport.ts';
import type { GrpcSettings } from './settings.ts';
import { sessionOptions, windowBytes } from './settings.ts';
import { GrpcSocket } from './socket.ts';

export interface ClientSettings extends GrpcSettings {
  readonly method: string;
  readonly tls: TlsDialing | undefined;
}

/** How long a session whose stream is over may take to close, in milliseconds. */
const leaveMs = 1000;

/** Opens a connection for one stream. Rejects as `dialTcp` does, and with `invalid` for who does not speak HTTP/2. */
export async function dial(
  address: string,
  receiver: Receiver,
  settings: ClientSettings,
  timeoutMs: number,
): Promise<Socket> {
  const { tls, method } = settings;
  const end = Date.now() + timeoutMs;
  const net = await dialTcp(address, { timeoutMs, tls, alpn: 'h2' });
  const session = await open(net, address, tls !== undefined, Math.max(1, end - Date.now()));
  const stream = session.request({
    ':method': 'POST',
    ':path': method,
    'content-type': 'application/grpc',
    te: 'trailers',
    'user-agent': 'micro-bot',
  });
  return new ClientSocket(session, stream, net, settings).start(receiver);
}

/** Resolves when the other side has said what HTTP/2 it speaks. */
function open(net: NetSocket, address: string, isSecure: boolean, timeoutMs: number): Promise<ClientHttp2Session> {
  return new Promise((resolve, reject) => {
    const authority = `${isSecure ? 'https' : 'http'}://${address.startsWith(':') ? `localhost${address}` : address}`;
    const session = connect(authority, { ...sessionOptions, createConnection: () => net });
    const timer = setTimeout(() => {
      session.destroy();
      reject(new TransportError('timeout', `${address} did not answer within ${timeoutMs} ms`));
    }, timeoutMs);
    session.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(
        new TransportError('invalid', `${address} does not speak HTTP/2: ${error.code ?? error.message}`, {
          cause: error,
        }),
      );
    });
    session.once('close', () => {
      clearTimeout(timer);
      reject(new TransportError('unreachable', `cannot reach ${address}: it broke off`));
    });
    session.once('remoteSettings', () => {
      clearTimeout(timer);
      session.setLocalWindowSize(windowBytes);
      resolve(session);
    });
  });
}

/** The side that dialled. Its session is its own, and goes with it. */
class ClientSocket extends GrpcSocket {
  readonly #method: string;
  readonly #session: ClientHttp2Session;
  #isLeaving = false;
  /** The headers in which the other side told how it ended. */
  #told: IncomingHttpHeaders | undefined;

  constructor(session: ClientHttp2Session, stream: ClientHttp2Stream, net: NetSocket, settings: ClientSettings) {
    const local = formatAddress(net.localAddress, net.localPort);
    const remote = formatAddress(net.remoteAddress, net.remotePort);
    super(stream, { local, remote }, settings);
    this.#method = settings.method;
    stream.on('response', (headers) => {
      const { ':status': status, 'grpc-status': grpc } = headers;
      if (grpc !== undefined) this.#told = headers;
      else if (status !== 200)
        this.fail(new TransportError('invalid', `the other side is no gRPC server: it answered ${status}`));
    });
    stream.on('trailers', (headers: IncomingHttpHeaders) => {
      this.#told = headers;
    });
    this.#session = session;
    stream.once('close', () => this.leave());
    session.once('close', () => net.destroy());
  }

  protected override reason(): TransportError | undefined {
    const status = Number(this.#told?.['grpc-status'] ?? 0);
    const text = decodeMessage(String(this.#told?.['grpc-message'] ?? ''));
    if (status === grpcStatus.ok) return undefined;
    if (status === grpcStatus.unimplemented) {
      return new TransportError(
        'invalid',
        `the other side does not serve ${this.#method}: it says ${JSON.stringify(text)}`,
      );
    }
    const code = status === grpcStatus.resourceExhausted ? 'too_large' : 'reset';
    return new TransportError(code, `the other side ended with gRPC status ${status}: ${text}`);
  }

  /** Not at once: an end that is on its way out would be lost. A session whose peer broke the rules of HTTP/2 never closes by itself. */
  protected override leave(): void {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    this.#session.close();
    const timer = setTimeout(() => this.#session.destroy(), leaveMs);
    this.#session.once('close', () => clearTimeout(timer));
  }

  protected override refuse(): void {
    this.stream.close();
  }
}
