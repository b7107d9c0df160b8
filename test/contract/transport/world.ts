import { afterEach } from 'vitest';
import type { Listener, Receiver, Socket, Transport } from '../../../src/runtime/transport/transport.ts';
import type { Collector } from '../../runtime/transport/collector.ts';
import { collector } from '../../runtime/transport/collector.ts';
import { until } from '../../support/until.ts';

/** Where the transports differ. */
export interface Abilities {
  /** Where a test may listen: a free place each time. */
  readonly address: string;
  /** What is no address to dial. */
  readonly noAddresses: readonly string[];
  /** Addresses end in ports, which come in ranges and can be taken. */
  readonly hasPorts: boolean;
  /** When a client learns that nobody listens. */
  readonly missesAtOnce: boolean;
  /** A sender is held back while the receiver pauses. */
  readonly holdsBack: boolean;
  /** The largest body it carries; a larger one is refused by `send`. */
  readonly maxBodyBytes: number;
  /** A way to break a connection between its ends: what to dial instead of an address, and what breaks it. */
  readonly breakable?: (address: string) => Promise<Breakable>;
}

export interface Breakable {
  readonly address: string;
  break(): Promise<void>;
}

/** A connection with a collector at either end. */
export interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  readonly atClient: Collector;
  readonly atServer: Collector;
}

export interface World extends Abilities {
  readonly transport: Transport;
  /** Ended after the test. */
  listen(accept: (socket: Socket) => Receiver, at?: string): Promise<Listener>;
  dial(at: string, receiver: Receiver): Promise<Socket>;
  pair(through?: (address: string) => Promise<string>): Promise<Pair>;
}

export function createWorld(transport: Transport, abilities: Abilities): World {
  const listeners: Listener[] = [];
  const sockets: Socket[] = [];

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await Promise.all(listeners.splice(0).map((listener) => listener.close()));
  });

  const world: World = {
    ...abilities,
    transport,
    async listen(accept, at = abilities.address) {
      const listener = await transport.listen(at, (socket) => {
        sockets.push(socket);
        return accept(socket);
      });
      listeners.push(listener);
      return listener;
    },
    async dial(at, receiver) {
      const socket = await transport.dial(at, receiver);
      sockets.push(socket);
      return socket;
    },
    async pair(through = (address) => Promise.resolve(address)) {
      const atClient = collector();
      const atServer = collector();
      const accepted: Socket[] = [];
      const listener = await world.listen((socket) => {
        accepted.push(socket);
        return atServer;
      });
      const client = await world.dial(await through(listener.address), atClient);
      // Some transports know a client only from its first message.
      client.send({}, 'first');
      await atServer.received(1);
      atServer.messages.length = 0;
      return { client, server: await until(() => accepted[0]), atClient, atServer };
    },
  };
  return world;
}
