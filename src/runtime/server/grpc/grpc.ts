import { defaultMaxMessageBytes } from '../../grpc/frame.ts';
import { grpcCodecs } from '../../grpc/subtype.ts';
import { listenTcp } from '../../transport/tcp-listen.ts';
import type { TlsOptions } from '../../transport/tls.ts';
import type { ServerProtocol } from '../protocol.ts';
import { headsOf } from './answer.ts';
import { Connection } from './connection.ts';
import type { GrpcLimits } from './limits.ts';
import { sweepsPerTimeout } from './limits.ts';
import { Targets } from './target.ts';

export interface GrpcServerOptions extends Partial<GrpcLimits> {
  /** Default: in the clear, as go-micro's gRPC servers. */
  readonly tls?: TlsOptions;
}

/** Serves gRPC: what clients of go-micro 2 speak by default, and any other gRPC client. */
export function grpcServerProtocol(options: GrpcServerOptions = {}): ServerProtocol {
  const limits: GrpcLimits = {
    maxMessageBytes: options.maxMessageBytes ?? defaultMaxMessageBytes,
    maxStreams: options.maxStreams ?? 1000,
    requestTimeoutMs: options.requestTimeoutMs ?? 60_000,
  };
  return {
    name: 'grpc',
    transport: 'grpc',

    async listen(address, core) {
      const codecs = grpcCodecs(core.codecs);
      const setup = { core, limits, targets: new Targets(core, codecs), heads: headsOf(codecs.keys()) };
      const connections = new Set<Connection>();
      let onEmpty = (): void => {};
      const tcp = { tls: options.tls, alpn: 'h2', handshakeTimeoutMs: limits.requestTimeoutMs, log: core.log };
      const listener = await listenTcp(address, tcp, (socket) => {
        connections.add(
          new Connection(setup, socket, (closed) => {
            connections.delete(closed);
            if (connections.size === 0) onEmpty();
          }),
        );
      });
      const sweeping = setInterval(() => {
        for (const connection of connections) connection.sweep();
      }, limits.requestTimeoutMs / sweepsPerTimeout).unref();

      const retire = (): Promise<void> => {
        for (const connection of connections) connection.retire();
        return listener.close();
      };
      return {
        address: listener.address,
        retire() {
          void retire();
        },
        abort(reason) {
          for (const connection of connections) connection.abort(reason);
        },
        async close() {
          clearInterval(sweeping);
          const closed = retire();
          if (connections.size > 0) {
            await new Promise<void>((resolve) => {
              onEmpty = resolve;
            });
          }
          await closed;
        },
        destroy() {
          clearInterval(sweeping);
          for (const connection of connections) connection.destroy();
        },
      };
    },
  };
}
