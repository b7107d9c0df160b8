import type { Socket as NetSocket } from 'node:net';
import type { Log } from '../../../log/log.ts';
import { encodeMessage } from '../../grpc/percent.ts';
import { grpcStatus } from '../../grpc/status.ts';
import type { Connection, Fields, Head, Stream } from '../../http2/http2.ts';
import { errorCode } from '../../http2/http2.ts';
import { http2Server } from '../../http2/server.ts';
import { nobody } from '../../http2/stream.ts';
import { type Ends, endsOf } from '../ends.ts';
import { listenTcp } from '../tcp-listen.ts';
import type { TlsOptions } from '../tls.ts';
import type { Listener, Receiver, Socket, TransportError } from '../transport.ts';
import type { GrpcSettings } from './settings.ts';
import { limits, methods } from './settings.ts';
import { GrpcSocket } from './socket.ts';

export interface ServerSettings extends GrpcSettings {
  readonly methods: ReadonlySet<string>;
  readonly tls: TlsOptions | undefined;
  readonly log: Log;
}

/** Listens on the first free port of the address. Rejects as `listenTcp` does. */
export async function listen(
  address: string,
  accept: (socket: Socket) => Receiver,
  settings: ServerSettings,
): Promise<Listener> {
  const { tls, log, headTimeoutMs } = settings;
  const connections = new Set<Connection>();
  const listener = await listenTcp(address, { tls, alpn: 'h2', handshakeTimeoutMs: headTimeoutMs, log }, (net) => {
    const connection = serve(net, accept, settings, () => connections.delete(connection));
    connections.add(connection);
  });
  return {
    address: listener.address,
    async close() {
      await listener.close();
      // Each goes when its last stream is over.
      for (const connection of connections) connection.retire();
    },
  };
}

/** Makes sockets of the streams that ask for the method, and tells the others that they are wrong here. */
function serve(
  net: NetSocket,
  accept: (socket: Socket) => Receiver,
  settings: ServerSettings,
  gone: () => void,
): Connection {
  const ends = endsOf(net);
  const connection = http2Server(
    net,
    {
      stream(stream, head, isAll) {
        const refusal = refusalOf(head, settings.methods);
        if (refusal === undefined) return new ServerSocket(stream, ends, settings).serve(accept, isAll);
        stream.send(refusal, undefined, true);
        if (!isAll) stream.reset(errorCode.noError);
        return nobody;
      },
      opened: () => clearTimeout(timer),
      closed(error) {
        clearTimeout(timer);
        gone();
        if (error !== undefined) settings.log.debug('an HTTP/2 connection failed', { error, remote: ends.remote });
      },
    },
    limits,
  );
  const timer = setTimeout(() => connection.destroy(), settings.headTimeoutMs);
  return connection;
}

function refusalOf(head: Head, known: ReadonlySet<string>): Fields | undefined {
  const { ':method': method, ':path': path = '', 'content-type': type = '' } = head;
  if (method !== 'POST') return [':status', '405'];
  if (!/^application\/grpc(?:$|[+;])/.test(type)) return [':status', '415'];
  return known.has(path)
    ? undefined
    : [...answerHead, ...statusFields(grpcStatus.unimplemented, `unknown method ${path}`)];
}

const answerHead: Fields = [':status', '200', 'content-type', 'application/grpc'];
const statusFields = (status: number, text: string): Fields => [
  'grpc-status',
  `${status}`,
  'grpc-message',
  encodeMessage(text),
];
const inOrder = statusFields(grpcStatus.ok, '');

/** The side that listened. */
class ServerSocket extends GrpcSocket {
  constructor(stream: Stream, ends: Ends, settings: ServerSettings) {
    super(() => stream, ends, settings);
    stream.send(answerHead, undefined, false);
  }

  /** `isAll`: the other side says nothing. */
  serve(accept: (socket: Socket) => Receiver, isAll: boolean): this {
    this.start(accept(this));
    if (isAll) this.ended();
    return this;
  }

  /** A client says nothing after its messages. */
  protected override heard(): undefined {}

  protected override reason(): undefined {}

  protected override end(): void {
    this.stream.send(inOrder, undefined, true);
  }

  protected override refuse(error: TransportError): void {
    this.stream.send(statusFields(statusOf(error), error.message), undefined, true);
  }

  /** The connection is the client's. */
  protected override left(): void {}
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
