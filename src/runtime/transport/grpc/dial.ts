import { decodeMessage } from '../../grpc/percent.ts';
import { grpcStatus } from '../../grpc/status.ts';
import type { Connection, Head } from '../../http2/http2.ts';
import { openHttp2 } from '../../http2/open.ts';
import { type Ends, endsOf } from '../ends.ts';
import { dialTcp } from '../tcp-dial.ts';
import type { TlsDialing } from '../tls.ts';
import type { Receiver, Socket } from '../transport.ts';
import { TransportError } from '../transport.ts';
import type { GrpcSettings } from './settings.ts';
import { limits } from './settings.ts';
import { GrpcSocket } from './socket.ts';

export interface ClientSettings extends GrpcSettings {
  readonly method: string;
  readonly tls: TlsDialing | undefined;
}

/** Opens a connection for one stream. Rejects as `dialTcp` does, and with `invalid` for who does not speak HTTP/2. */
export async function dial(
  address: string,
  receiver: Receiver,
  settings: ClientSettings,
  timeoutMs: number,
): Promise<Socket> {
  const { tls } = settings;
  const end = Date.now() + timeoutMs;
  const net = await dialTcp(address, { timeoutMs, tls, alpn: 'h2' });
  const ends = endsOf(net);
  const connection = await openHttp2(net, address, Math.max(1, end - Date.now()), undefined, limits);
  return new ClientSocket(connection, ends, settings).start(receiver).ask(address);
}

const nothing = Buffer.alloc(0);

/** The side that dialled. Its connection is its own, and goes with it. */
class ClientSocket extends GrpcSocket {
  readonly #settings: ClientSettings;
  readonly #connection: Connection;
  /** The head in which the other side told how it ended. */
  #told: Head | undefined;

  constructor(connection: Connection, ends: Ends, settings: ClientSettings) {
    super((receiver) => connection.open(receiver), ends, settings);
    this.#connection = connection;
    this.#settings = settings;
  }

  /** Says what is wanted of the other side. */
  ask(address: string): this {
    const { method, tls } = this.#settings;
    const head = {
      ':method': 'POST',
      ':scheme': tls === undefined ? 'http' : 'https',
      ':path': method,
      ':authority': address.startsWith(':') ? `localhost${address}` : address,
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': 'micro-bot',
    };
    this.stream.send(Object.entries(head).flat(), undefined, false);
    return this;
  }

  protected override heard(head: Head): TransportError | undefined {
    const { ':status': status = '200', 'grpc-status': told } = head;
    if (told !== undefined) this.#told = head;
    else if (status !== '200')
      return new TransportError('invalid', `the other side is no gRPC server: it answered ${status}`);
    return undefined;
  }

  protected override reason(): TransportError | undefined {
    const status = Number(this.#told?.['grpc-status'] ?? 0);
    const text = decodeMessage(this.#told?.['grpc-message'] ?? '');
    if (status === grpcStatus.ok) return undefined;
    if (status === grpcStatus.unimplemented) {
      return new TransportError(
        'invalid',
        `the other side does not serve ${this.#settings.method}: it says ${JSON.stringify(text)}`,
      );
    }
    const code = status === grpcStatus.resourceExhausted ? 'too_large' : 'reset';
    return new TransportError(code, `the other side ended with gRPC status ${status}: ${text}`);
  }

  protected override end(): void {
    this.stream.write(nothing, true);
  }

  protected override refuse(): void {
    this.cancel();
  }

  protected override left(): void {
    this.#connection.retire();
  }
}
