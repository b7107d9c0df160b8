import { connect } from 'node:net';
import type { Receiver, Socket } from '../transport.ts';
import { TransportError } from '../transport.ts';
import { parseAddress } from '../address.ts';
import { ClientConnection } from './client.ts';
import type { Limits } from './limits.ts';

/** Connects to `host:port`. Rejects with `unreachable`, `timeout` or, for an address of another form, `invalid`. */
export async function dial(address: string, receiver: Receiver, limits: Limits, timeoutMs: number): Promise<Socket> {
  const { host, firstPort, lastPort } = parseAddress(address);
  if (firstPort === 0 || firstPort !== lastPort) throw new TransportError('invalid', `"${address}" has no single port`);
  return new Promise((resolve, reject) => {
    const net = connect({ host: host === '' ? 'localhost' : host, port: firstPort, noDelay: true, keepAlive: true });
    const timer = setTimeout(() => {
      net.destroy();
      reject(new TransportError('timeout', `${address} did not answer within ${timeoutMs} ms`));
    }, timeoutMs);
    const failed = (error: NodeJS.ErrnoException): void => {
      clearTimeout(timer);
      reject(
        new TransportError('unreachable', `cannot reach ${address}: ${error.code ?? error.message}`, { cause: error }),
      );
    };
    net.once('error', failed);
    net.once('connect', () => {
      clearTimeout(timer);
      net.off('error', failed);
      resolve(new ClientConnection(net, address, limits).start(receiver));
    });
  });
}
