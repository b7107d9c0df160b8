import type { Server } from 'node:net';
import { formatAddress, type HostPort } from './address.ts';

/** Has the server listen on the first free port, and says on which, as `host:port`. Rejects with what the system says of the last it tried. */
export async function bind(server: Server, { host, firstPort, lastPort }: HostPort): Promise<string> {
  for (let port = firstPort; ; port += 1) {
    const error = await tryPort(server, host, port);
    if (error === undefined) break;
    if (error.code !== 'EADDRINUSE' || port === lastPort) throw error;
  }
  const bound = server.address();
  // A server that was told a port has an address with one.
  return typeof bound === 'object' && bound !== null ? formatAddress(bound.address, bound.port) : '';
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
