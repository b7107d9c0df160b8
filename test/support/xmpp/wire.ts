import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What lies between a server and its clients, and can be disturbed. Like a network it brings what was sent before a goodbye. */
export interface Wire {
  readonly port: number;
  /** Connections that were accepted so far. */
  readonly accepted: number;
  /** Cuts all connections without a word. */
  cut(): void;
  /** Cuts all connections, and each new one at once. */
  shut(): void;
  /** Takes connections and bytes, and hands nothing on. */
  stall(): void;
  /** Lets everything through again, also what had to wait. */
  restore(): void;
  close(): void;
}

/** Listens on loopback and hands everything on to that port. */
export async function layWire(target: number): Promise<Wire> {
  const sockets = new Set<Socket>();
  let state: 'open' | 'shut' | 'stalled' = 'open';
  let accepted = 0;
  const join = (from: Socket, to: Socket): void => {
    sockets.add(from);
    from.on('data', (bytes: Buffer) => void to.write(bytes));
    from.on('end', () => void to.end());
    from.on('error', () => {});
    from.on('close', () => {
      sockets.delete(from);
      to.destroySoon();
    });
    if (state === 'stalled') from.pause();
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    accepted += 1;
    if (state === 'shut') {
      client.destroy();
      return;
    }
    const upstream = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true });
    join(client, upstream);
    join(upstream, client);
  });
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    get accepted() {
      return accepted;
    },
    cut,
    shut() {
      state = 'shut';
      cut();
    },
    stall() {
      state = 'stalled';
      for (const socket of sockets) socket.pause();
    },
    restore() {
      state = 'open';
      for (const socket of sockets) socket.resume();
    },
    close() {
      server.close();
      cut();
    },
  };
}
