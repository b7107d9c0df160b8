import { dialTcp } from '../tcp-dial.ts';
import type { TlsDialing } from '../tls.ts';
import type { Receiver, Socket } from '../transport.ts';
import { ClientConnection } from './client.ts';
import type { Patience } from '../watch.ts';
import type { Limits } from './limits.ts';

/**
 * Where all dialled sockets read into, one after the other; what came is copied out at once. Node's stream allocates 64 KiB a read
 * instead, and hands it through its queue: that was an eighth of what a call costs.
 */
const scratch = Buffer.allocUnsafeSlow(64 * 1024);

export interface ClientSettings extends Limits, Patience {
  readonly tls: TlsDialing | undefined;
}

/** Connects to `host:port`. Rejects as `dialTcp` does. */
export async function dial(
  address: string,
  receiver: Receiver,
  settings: ClientSettings,
  timeoutMs: number,
): Promise<Socket> {
  let connection: ClientConnection | undefined;
  const received = (length: number): boolean => {
    connection?.received(Buffer.from(scratch.subarray(0, length)));
    return true;
  };
  const onread = { buffer: scratch, callback: received };
  const net = await dialTcp(address, { timeoutMs, tls: settings.tls, alpn: 'http/1.1', onread });
  connection = new ClientConnection(net, address, settings).start(receiver);
  return connection;
}
