import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/error.ts';
import type { Registry } from '../discovery/registry.ts';
import type { Log } from '../log/log.ts';
import type { TlsOptions } from '../runtime/transport/tls.ts';
import type { ServerProtocol } from '../runtime/server/protocol.ts';
import type { Transport } from '../runtime/transport/transport.ts';
import type { Drivers } from './choose.ts';
import { builtIn, fromPackage } from './choose.ts';
import { readTls } from './tls.ts';

const mucp = async (transport: Transport): Promise<ServerProtocol> =>
  (await import('../runtime/server/mucp/mucp.ts')).mucpServerProtocol(transport);

export const servers: Drivers<(transport: Transport, tls: TlsOptions | undefined) => Promise<ServerProtocol>> = {
  mucp,
  // What mucp was called in go-micro's first years.
  rpc: mucp,
  grpc: async (_, tls) => {
    const { grpcServerProtocol } = await import('../runtime/server/grpc/grpc.ts');
    return grpcServerProtocol(tls === undefined ? {} : { tls });
  },
};

export async function openServerProtocol(
  config: Config,
  registry: Registry,
  transport: Transport,
  log: Log,
): Promise<ServerProtocol> {
  const { driver } = config.server;
  const { tls: files } = config.transport;
  const own = builtIn(servers, driver);
  if (own !== undefined) return own(transport, files === undefined ? undefined : await readTls(files));
  const make = await fromPackage<ServerProtocol>('server', driver, Object.keys(servers));
  return make({ addresses: [], registry, log });
}

/** What a client speaks to addresses that are given. */
export const clients: Drivers<'mucp' | 'grpc'> = { mucp: 'mucp', rpc: 'mucp', grpc: 'grpc' };

export function clientProtocol({ client: { driver } }: Config): 'mucp' | 'grpc' {
  const known = builtIn(clients, driver);
  if (known !== undefined) return known;
  throw new ConfigError('unknown', `Client ${driver} not found\nKnown: ${Object.keys(clients).join(', ')}`);
}
