import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { connect, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';

/** Sockets of one attempt to connect. */
interface Attempt {
  readonly sockets: Set<Socket>;
  readonly signal: AbortSignal | undefined;
}

const attempts = new AsyncLocalStorage<Attempt>();
let isWatching = false;

/**
 * Connects to NATS. When that fails, or `signal` aborts, nothing stays open: the library forgets the socket of a server that says nothing,
 * which would keep the process alive. After an abort it rejects at once, with the signal's reason.
 */
export async function connectNats(options: NodeConnectionOptions, signal?: AbortSignal): Promise<NatsConnection> {
  watch();
  signal?.throwIfAborted();
  const attempt: Attempt = { sockets: new Set(), signal };
  const connecting = attempts.run(attempt, () => connect(options));
  try {
    return await (signal === undefined ? connecting : unlessAborted(connecting, signal));
  } catch (error) {
    for (const socket of attempt.sockets) socket.destroy();
    throw error;
  }
}

async function unlessAborted(connecting: Promise<NatsConnection>, signal: AbortSignal): Promise<NatsConnection> {
  const abort = new AbortController();
  const aborted = new Promise<'aborted'>((resolve) => {
    signal.addEventListener('abort', () => resolve('aborted'), { once: true, signal: abort.signal });
  });
  try {
    const first = await Promise.race([connecting, aborted]);
    if (first !== 'aborted') return first;
    // It may have been connected in the same moment.
    connecting.then(
      (connection) => connection.close(),
      () => {},
    );
    throw signal.reason;
  } finally {
    abort.abort();
  }
}

/** The library shows its sockets to nobody, Node does. */
function watch(): void {
  if (isWatching) return;
  isWatching = true;
  subscribe('net.client.socket', (message) => {
    const attempt = attempts.getStore();
    if (attempt === undefined) return;
    const { sockets, signal } = attempt;
    const { socket } = message as { readonly socket: Socket };
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // The library goes on to the next server. Node would bring a socket back that was destroyed before it was told where to connect.
    if (signal?.aborted === true) setImmediate(() => socket.destroy());
  });
}
