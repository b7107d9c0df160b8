import { connect } from 'node:net';
import type { Receiver, Socket } from '../transport.ts';
import { TransportError } from '../transport.ts';
import { parseAddress } from '../address.ts';
import { ClientConnection } from './client.ts';
import type { Limits } from './limits.ts';

/**
 * Where all dialled sockets read into, one after the other; what came is copied out at once. Node's stream allocates 64 KiB a read
 * instead, and hands it through its queue: that was an eighth of what a call costs.
 */
const scratch = Buffer.allocUnsafeSlow(64 * 1024);

/** Connects to `host:port`. Rejects with `unreachable`, `timeout` or, for an address of another form, `invalid`. */
export async function dial(address: string, receiver: Receiver, limits: Limits, timeoutMs: number): Promise<Socket> {
  const { host, firstPort, lastPort } = parseAddress(address);
  if (firstPort === 0 || firstPort !== lastPort) throw new TransportError('invalid', `"${address}" has no single port`);
  return new Promise((resolve, reject) => {
    let connection: ClientConnection | undefined;
    const received = (length: number): boolean => {
      connection?.received(Buffer.from(scratch.subarray(0, length)));
      return true;
    };
    const onread = { buffer: scratch, callback: received };
    const name = host === '' ? 'localhost' : host;
    const net = connect({ host: name, port: firstPort, noDelay: true, keepAlive: true, onread });
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
      connection = new ClientConnection(net, address, limits).start(receiver);
      resolve(connection);
    });
  });
}
