import { connect, type Socket } from 'node:net';

/** When a connection has not been accepted in this time, a further one is tried beside it: the first may have met a dead network. */
const patienceMs = 300;

/**
 * Resolves when somebody accepts connections there. Rejects with what the system says, or with the signal's reason. The gRPC library would
 * wait for minutes, could not be stopped, and would keep the process from ending.
 */
export function knock(host: string, port: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const sockets: Socket[] = [];
    const finish = (settle: () => void): void => {
      clearInterval(timer);
      signal.removeEventListener('abort', onAbort);
      for (const socket of sockets) socket.destroy();
      settle();
    };
    const onAbort = (): void => finish(() => reject(signal.reason as Error));
    const attempt = (): void => {
      const socket = connect({ host, port });
      sockets.push(socket);
      socket.once('connect', () => finish(resolve));
      // It stays when the knocking is over: what a destroyed socket still has to say is of no interest.
      socket.on('error', (error) => finish(() => reject(error)));
    };
    const timer = setInterval(attempt, patienceMs);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    else attempt();
  });
}
