import type { Log } from '../../../log/log.ts';
import { silent } from '../../../log/log.ts';
import type { Transport } from '../transport.ts';
import { dial } from './dial.ts';
import type { Limits } from './limits.ts';
import { defaultLimits } from './limits.ts';
import { listen } from './listen.ts';

export interface HttpTransportOptions extends Partial<Limits> {
  /** How long a client may take from the first byte of a head to its last, in milliseconds. Default 10,000. */
  readonly headTimeoutMs?: number;
  readonly log?: Log;
}

/**
 * go-micro's http transport: each message from the side that dialled is a request, each message back a response, and the two
 * sequences are independent of each other.
 */
export function httpTransport(options: HttpTransportOptions = {}): Transport {
  const { headTimeoutMs = 10_000, log = silent, ...limits } = options;
  const server = { ...defaultLimits, ...limits, headTimeoutMs, log };
  return {
    name: 'http',
    dial: (address, receiver, dialOptions) => dial(address, receiver, server, dialOptions?.timeoutMs ?? 5000),
    listen: (address, accept) => listen(address, accept, server),
  };
}
