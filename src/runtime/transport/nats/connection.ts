import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { connect, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';

/** Sockets of one attempt to connect. */
const opened = new AsyncLocalStorage<Set<Socket>>();
let isWatching = false;

/** Connects to NATS. When that fails nothing stays open: the library forgets the socket of a server that says nothing, which would keep the process alive. */
export async function connectNats(options: NodeConnectionOptions): Promise<NatsConnection> {
  watch();
  const sockets = new Set<Socket>();
  try {
    return await opened.run(sockets, () => connect(options));
  } catch (error) {
    for (const socket of sockets) socket.destroy();
    throw error;
  }
}

/** The library shows its sockets to nobody, Node does. */
function watch(): void {
  if (isWatching) return;
  isWatching = true;
  subscribe('net.client.socket', (message) => {
    const sockets = opened.getStore();
    if (sockets === undefined) return;
    const { socket } = message as { readonly socket: Socket };
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
}
