import type { Config } from '../config/config.ts';
import type { Registry } from '../discovery/registry.ts';
import type { Log } from '../log/log.ts';
import type { TlsOptions } from '../runtime/transport/tls.ts';
import type { Transport } from '../runtime/transport/transport.ts';
import type { Drivers } from './choose.ts';
import { builtIn, fromPackage } from './choose.ts';

interface Settings {
  readonly addresses: readonly string[];
  readonly tls?: TlsOptions;
  readonly log: Log;
}

export const transports: Drivers<(settings: Settings) => Promise<Transport>> = {
  http: async (settings) => (await import('../runtime/transport/http/http.ts')).httpTransport(settings),
  grpc: async (settings) => (await import('../runtime/transport/grpc/grpc.ts')).grpcTransport(settings),
  memory: async () => (await import('../runtime/transport/memory.ts')).memoryTransport(),
  nats: async ({ addresses, tls, log }) => {
    const { natsTransport } = await import('../runtime/transport/nats/nats.ts');
    return natsTransport({ servers: addresses, ...(tls === undefined ? {} : { tls }), log });
  },
  websocket: async (settings) => {
    const { websocketTransport } = await import('../runtime/transport/websocket/websocket.ts');
    return websocketTransport(settings);
  },
};

export async function openTransport(
  config: Config,
  registry: Registry,
  tls: TlsOptions | undefined,
  log: Log,
): Promise<Transport> {
  const { driver, addresses } = config.transport;
  const own = builtIn(transports, driver);
  if (own !== undefined) return own({ addresses, ...(tls === undefined ? {} : { tls }), log });
  const make = await fromPackage<Transport>('transport', driver, Object.keys(transports));
  return make({ addresses, registry, log });
}
