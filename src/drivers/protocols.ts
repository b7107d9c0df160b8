import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/error.ts';
import type { Registry } from '../discovery/registry.ts';
import type { Log } from '../log/log.ts';
import type { TlsOptions } from '../runtime/transport/tls.ts';
import type { ServerProtocol } from '../runtime/server/protocol.ts';
import type { Transport } from '../runtime/transport/transport.ts';
import type { Drivers } from './choose.ts';
import { builtIn, fromPackage } from './choose.ts';

interface Settings {
  readonly transport: Transport;
  readonly tls: TlsOptions | undefined;
  readonly registry: Registry;
  readonly log: Log;
}

const mucp = async ({ transport }: Settings): Promise<ServerProtocol> =>
  (await import('../runtime/server/mucp/mucp.ts')).mucpServerProtocol(transport);

export const servers: Drivers<(settings: Settings) => Promise<ServerProtocol>> = {
  mucp,
  // What mucp was called in go-micro's first years.
  rpc: mucp,
  grpc: async ({ tls }) => {
    const { grpcServerProtocol } = await import('../runtime/server/grpc/grpc.ts');
    return grpcServerProtocol(tls === undefined ? {} : { tls });
  },
};

/** Makes what a server speaks. */
export type NewServerProtocol = () => Promise<ServerProtocol>;

/** Rejects with a `ConfigError` (`unknown`) when there is none of that name, also for who starts no server. */
export async function findServerProtocol({
  server: { driver },
}: Config): Promise<(settings: Settings) => Promise<ServerProtocol>> {
  const own = builtIn(servers, driver);
  if (own !== undefined) return own;
  const make = await fromPackage<ServerProtocol>('server', driver, Object.keys(servers));
  return async ({ registry, log }) => make({ addresses: [], registry, log });
}

/** What a client speaks to addresses that are given. */
export const clients: Drivers<'mucp' | 'grpc'> = { mucp: 'mucp', rpc: 'mucp', grpc: 'grpc' };

export function clientProtocol({ client: { driver } }: Config): 'mucp' | 'grpc' {
  const known = builtIn(clients, driver);
  if (known !== undefined) return known;
  throw new ConfigError('unknown', `Client ${driver} not found\nKnown: ${Object.keys(clients).join(', ')}`);
}
