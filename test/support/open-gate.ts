import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A network between a client and a server that can be taken away. */
export interface Gate {
  /** Where the client connects to. */
  readonly address: string;
  /** Connections that were accepted so far. */
  readonly accepted: number;
  /** Connections that are open. */
  readonly open: number;
  /** Cuts all connections, and each new one at once. */
  shut(): void;
  /** Takes connections and bytes, and hands nothing on. */
  stall(): void;
  /** Lets everything through again, also what had to wait. */
  restore(): void;
}

export interface OpenGate extends Gate {
  close(): void;
}

/** Listens on the loopback interface until it is closed and hands everything on to `target`. */
export async function openGate(target: string): Promise<OpenGate> {
  const [host = '', port = ''] = target.split(':');
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: 'open' | 'shut' | 'stalled' = 'open';
  let accepted = 0;
  const server = createServer((client) => {
    accepted += 1;
    if (state === 'shut') {
      client.destroy();
      return;
    }
    const pair = [client, connect(Number(port), host)] as const;
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const [from, to] of [pair, [pair[1], pair[0]] as const]) {
      from.on('data', (bytes: Buffer) => void to.write(bytes));
      from.on('error', end);
      from.on('close', end);
      if (state === 'stalled') from.pause();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get accepted() {
      return accepted;
    },
    get open() {
      return pairs.size;
    },
    shut() {
      state = 'shut';
      for (const socket of [...pairs].flat()) socket.destroy();
    },
    stall() {
      state = 'stalled';
      for (const socket of [...pairs].flat()) socket.pause();
    },
    restore() {
      state = 'open';
      for (const socket of [...pairs].flat()) socket.resume();
    },
    close() {
      server.close();
      for (const socket of [...pairs].flat()) socket.destroy();
    },
  };
}
