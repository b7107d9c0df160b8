import type { Log } from '../../../log/log.ts';
import { silent } from '../../../log/log.ts';
import type { TlsOptions } from '../tls.ts';
import { tlsForDialing } from '../tls.ts';
import type { Transport } from '../transport.ts';
import { defaultPatience } from '../watch.ts';
import { dial } from './dial.ts';
import { listen } from './listen.ts';
import type { WebsocketSettings } from './settings.ts';

export interface WebsocketTransportOptions extends Partial<WebsocketSettings> {
  /** Default 67,108,864. */
  readonly maxMessageBytes?: number;
  /** How often each side says that it is there, in milliseconds; who is not heard for twice as long is given up. Default 30,000. */
  readonly pingMs?: number;
  /** Both to dial and to listen. Default: no TLS. */
  readonly tls?: TlsOptions;
  readonly log?: Log;
}

/**
 * Messages over WebSockets, for nodes of ours behind proxies that let nothing else through; go-micro has no such transport
 * (docs/decisions/010). Throws a `TransportError` (`invalid`) for a certificate or key that can't be used.
 */
export function websocketTransport(options: WebsocketTransportOptions = {}): Transport {
  const { headTimeoutMs, heldTimeoutMs } = defaultPatience;
  const { tls, log = silent, ...given } = options;
  const shared = { headTimeoutMs, heldTimeoutMs, maxMessageBytes: 64 * 1024 * 1024, pingMs: 30_000, ...given };
  const client = { ...shared, tls: tls === undefined ? undefined : tlsForDialing(tls) };
  return {
    name: 'websocket',
    dial: (address, receiver, dialOptions) => dial(address, receiver, client, dialOptions?.timeoutMs ?? 5000),
    listen: (address, accept) => listen(address, accept, { ...shared, tls, log }),
  };
}
