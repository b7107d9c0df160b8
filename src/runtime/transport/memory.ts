import { formatAddress, parseAddress } from './address.ts';
import { MemorySocket } from './memory-socket.ts';
import type { Listener, Receiver, Socket, Transport } from './transport.ts';
import { TransportError } from './transport.ts';

type Accept = (socket: Socket) => Receiver;

/** The range Go's memory transport takes free ports from. */
const firstFreePort = 10_000;
const lastFreePort = 29_999;

/**
 * Carries messages inside this process. Each transport is a network of its own: who shares the object can reach each other. It is all
 * one machine, so hosts are not told apart, only ports.
 */
export function memoryTransport(): Transport {
  const listeners = new Map<number, Accept>();
  let clients = 0;

  return {
    name: 'memory',
    ordered: true,

    async dial(address, receiver) {
      const { firstPort, lastPort } = parseAddress(address);
      if (firstPort === 0 || firstPort !== lastPort)
        throw new TransportError('invalid', `"${address}" has no single port`);
      const accept = listeners.get(firstPort);
      if (accept === undefined)
        throw new TransportError('unreachable', `cannot reach ${address}: nobody listens there`);
      clients += 1;
      const ours = new MemorySocket(`memory:${clients}`, address);
      const theirs = new MemorySocket(address, `memory:${clients}`);
      ours.join(theirs);
      theirs.start(accept(theirs));
      return ours.start(receiver);
    },

    async listen(address, accept): Promise<Listener> {
      const { host, firstPort, lastPort } = parseAddress(address);
      const [first, last] = firstPort === 0 ? [firstFreePort, lastFreePort] : [firstPort, lastPort];
      let port = first;
      while (listeners.has(port)) port += 1;
      if (port > last) throw new TransportError('unavailable', `cannot listen on ${address}: the port is taken`);
      listeners.set(port, accept);
      return {
        address: formatAddress(host === '' ? '127.0.0.1' : host, port),
        close() {
          if (listeners.get(port) === accept) listeners.delete(port);
          return Promise.resolve();
        },
      };
    },
  };
}
