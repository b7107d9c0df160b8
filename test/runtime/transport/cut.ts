import type { Socket as NetSocket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import type { Breakable } from '../../contract/transport/world.ts';

/** Stands between a client and the server on `address` until the test ends, hands all bytes on, and resets both connections when told. */
export async function cut(address: string): Promise<Breakable> {
  const nets = new Set<NetSocket>();
  const at = address.lastIndexOf(':');
  const server = createServer((near) => {
    const far = connect(Number(address.slice(at + 1)), address.slice(0, at).replace(/[[\]]/g, ''));
    for (const [net, other] of [
      [near, far],
      [far, near],
    ] as const) {
      nets.add(net);
      net.on('error', () => other.destroy());
      net.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = (): void => {
    server.close();
    for (const net of nets) net.resetAndDestroy();
  };
  onTestFinished(stop);
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    break() {
      stop();
      return Promise.resolve();
    },
  };
}
