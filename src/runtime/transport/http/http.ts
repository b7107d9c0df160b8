import type { Log } from '../../../log/log.ts';
import { silent } from '../../../log/log.ts';
import type { TlsOptions } from '../tls.ts';
import { tlsForDialing } from '../tls.ts';
import type { Transport } from '../transport.ts';
import { dial } from './dial.ts';
import type { Patience } from '../watch.ts';
import { defaultPatience } from '../watch.ts';
import type { Limits } from './limits.ts';
import { defaultLimits } from './limits.ts';
import { listen } from './listen.ts';

export interface HttpTransportOptions extends Partial<Limits>, Partial<Patience> {
  /** Both to dial and to listen. Default: no TLS. Nothing in a node's record says that it wants TLS: all nodes have to agree. */
  readonly tls?: TlsOptions;
  readonly log?: Log;
}

/**
 * go-micro's http transport: each message from the side that dialled is a request, each message back a response, and the two
 * sequences are independent of each other. Throws a `TransportError` (`invalid`) for a certificate or key that can't be used.
 */
export function httpTransport(options: HttpTransportOptions = {}): Transport {
  const { tls, log = silent, ...limits } = options;
  const shared = { ...defaultLimits, ...defaultPatience, ...limits };
  const client = { ...shared, tls: tls === undefined ? undefined : tlsForDialing(tls) };
  const server = { ...shared, tls, log };
  return {
    name: 'http',
    ordered: true,
    dial: (address, receiver, dialOptions) => dial(address, receiver, client, dialOptions?.timeoutMs ?? 5000),
    listen: (address, accept) => listen(address, accept, server),
  };
}
