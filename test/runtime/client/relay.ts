import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { onTestFinished } from 'vitest';

/** A way to a server on which each connection carries only so much, either way, until it is opened up. */
export interface Relay {
  readonly address: string;
  /** How many connections there were. */
  readonly connections: number;
  /** Whether some connection has stopped. */
  readonly isBlocked: boolean;
  /** Lets everything through from now on. */
  open(): void;
}

export async function relay(target: string, bytesEachWay: number): Promise<Relay> {
  const [host = '', port = ''] = target.split(':');
  const sockets: Socket[] = [];
  let isOpen = false;
  let connections = 0;
  const blocked = new Set<Socket>();
  const pass = (from: Socket, to: Socket): void => {
    let left = bytesEachWay;
    from.on('error', () => to.destroy());
    from.on('end', () => to.end());
    from.on('data', (bytes: Buffer) => {
      left -= bytes.length;
      if (isOpen || left > 0) {
        to.write(bytes);
        return;
      }
      // What does not fit goes on later; nothing overtakes it.
      from.pause();
      from.unshift(bytes);
      blocked.add(from);
    });
  };
  const server = createServer((client) => {
    connections += 1;
    const upstream = connect(Number(port), host);
    sockets.push(client, upstream);
    pass(client, upstream);
    pass(upstream, client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    get isBlocked() {
      return blocked.size > 0;
    },
    open() {
      isOpen = true;
      for (const socket of blocked) socket.resume();
    },
  };
}
