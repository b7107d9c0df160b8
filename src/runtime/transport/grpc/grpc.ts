import type { Log } from '../../../log/log.ts';
import { silent } from '../../../log/log.ts';
import type { TlsOptions } from '../tls.ts';
import { tlsForDialing } from '../tls.ts';
import type { Transport } from '../transport.ts';
import type { Patience } from '../watch.ts';
import { defaultPatience } from '../watch.ts';
import { dial } from './dial.ts';
import { knownMethods, listen } from './listen.ts';
import { methods } from './settings.ts';

export interface GrpcTransportOptions extends Partial<Patience> {
  /**
   * What is asked for when dialling. go-micro 2 and later serve `/go.micro.transport.grpc.Transport/Stream`, the default; go-micro 1
   * serves only `/go.micro.grpc.transport.Transport/Stream`. When listening, both are served, and this one.
   */
  readonly method?: string;
  /** Default 67,108,864. Go peers take 4 MiB. */
  readonly maxMessageBytes?: number;
  /** Both to dial and to listen. Default: no TLS. */
  readonly tls?: TlsOptions;
  readonly log?: Log;
}

/**
 * go-micro's grpc transport: a connection for each socket, with one gRPC stream that carries the messages of both sides. Throws a
 * `TransportError` (`invalid`) for a certificate or key that can't be used.
 */
export function grpcTransport(options: GrpcTransportOptions = {}): Transport {
  const { method = methods.current, maxMessageBytes = 64 * 1024 * 1024, tls, log = silent, ...patience } = options;
  const shared = { ...defaultPatience, ...patience, maxMessageBytes };
  const client = { ...shared, method, tls: tls === undefined ? undefined : tlsForDialing(tls) };
  const server = { ...shared, methods: new Set([...knownMethods, method]), tls, log };
  return {
    name: 'grpc',
    dial: (address, receiver, dialOptions) => dial(address, receiver, client, dialOptions?.timeoutMs ?? 5000),
    listen: (address, accept) => listen(address, accept, server),
  };
}
