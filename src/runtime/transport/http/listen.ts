import type { Server } from 'node:net';
import { createServer } from 'node:net';
import type { Log } from '../../../log/log.ts';
import type { Listener, Receiver, Socket } from '../transport.ts';
import { TransportError } from '../transport.ts';
import { formatAddress, parseAddress } from '../address.ts';
import type { Limits } from './limits.ts';
import { ServerConnection } from './server.ts';

export interface ServerSettings extends Limits {
  readonly headTimeoutMs: number;
  readonly log: Log;
}

/** Listens on the first free port of the address. Rejects with `unavailable`, or `invalid` for what is no address. */
export async function listen(
  address: string,
  accept: (socket: Socket) => Receiver,
  settings: ServerSettings,
): Promise<Listener> {
  const { host, firstPort, lastPort } = parseAddress(address);
  const server = createServer({ noDelay: true, keepAlive: true }, (net) => {
    // The other side may be gone again already; such a socket has no addresses.
    if (net.remoteAddress === undefined) net.destroy();
    else open(new ServerConnection(net, settings, settings.headTimeoutMs), accept);
  });
  for (let port = firstPort; ; port += 1) {
    const error = await tryPort(server, host, port);
    if (error === undefined) break;
    if (error.code !== 'EADDRINUSE' || port === lastPort) {
      throw new TransportError('unavailable', `cannot listen on ${address}: ${error.code ?? error.message}`, {
        cause: error,
      });
    }
  }
  server.on('error', (error) => settings.log.warn('a connection could not be accepted', { error }));
  const bound = server.address();
  return {
    address: typeof bound === 'object' && bound !== null ? formatAddress(bound.address, bound.port) : address,
    close() {
      server.close();
      return Promise.resolve();
    },
  };
}

function open(connection: ServerConnection, accept: (socket: Socket) => Receiver): void {
  connection.start(accept(connection));
}

function tryPort(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void => resolve(error);
    server.once('error', failed);
    server.listen({ port, ...(host === '' ? {} : { host }) }, () => {
      server.off('error', failed);
      resolve(undefined);
    });
  });
}
