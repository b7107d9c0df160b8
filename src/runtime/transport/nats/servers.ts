import type { NodeConnectionOptions } from '@nats-io/transport-node';
import { NatsOptionsError, natsServers } from '../../../nats/servers.ts';
import type { TlsOptions } from '../tls.ts';
import { TransportError } from '../transport.ts';

/** How to connect to servers of one cluster. Throws a `TransportError` (`invalid`) for what is no server, or no certificate. */
export function connectionOptions(servers: readonly string[], tls: TlsOptions | undefined): NodeConnectionOptions {
  try {
    return natsServers(servers, tls).options;
  } catch (error) {
    if (error instanceof NatsOptionsError) throw new TransportError('invalid', error.message, { cause: error });
    throw error;
  }
}
