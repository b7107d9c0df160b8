import type { Log } from '../../../log/log.ts';
import { listenTcp } from '../tcp-listen.ts';
import type { TlsOptions } from '../tls.ts';
import type { Listener, Receiver, Socket } from '../transport.ts';
import type { Patience } from '../watch.ts';
import type { Limits } from './limits.ts';
import { ServerConnection } from './server.ts';

export interface ServerSettings extends Limits, Patience {
  readonly tls: TlsOptions | undefined;
  readonly log: Log;
}

/** Listens on the first free port of the address. Rejects with `unavailable`, or `invalid` for what is no address or certificate. */
export function listen(
  address: string,
  accept: (socket: Socket) => Receiver,
  settings: ServerSettings,
): Promise<Listener> {
  const { tls, log, headTimeoutMs } = settings;
  return listenTcp(address, { tls, alpn: 'http/1.1', handshakeTimeoutMs: headTimeoutMs, log }, (net) => {
    const connection = new ServerConnection(net, settings);
    connection.start(accept(connection));
  });
}
