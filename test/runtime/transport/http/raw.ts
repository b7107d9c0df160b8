import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket as NetSocket } from 'node:net';
import type { HttpTransportOptions } from '../../../../src/runtime/transport/http/http.ts';
import { httpTransport } from '../../../../src/runtime/transport/http/http.ts';
import type { Listener, Socket } from '../../../../src/runtime/transport/transport.ts';
import { until } from '../../../support/until.ts';
import type { Collector } from '../collector.ts';
import { collector } from '../collector.ts';

/** A TCP connection without any knowledge of HTTP. */
export interface Raw {
  readonly net: NetSocket;
  write(text: string | Uint8Array): void;
  /** What came so far, as UTF-8. */
  text(): string;
  /** Resolves with everything once the other side closed. */
  ended(): Promise<string>;
}

export function raw(net: NetSocket): Raw {
  const chunks: Buffer[] = [];
  net.setNoDelay(true);
  net.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A refusal may come together with a reset: both end the connection.
  net.on('error', () => {});
  const text = (): string => Buffer.concat(chunks).toString();
  return {
    net,
    write: (bytes) => void net.write(bytes),
    text,
    async ended() {
      await until(() => net.readableEnded || net.destroyed);
      return text();
    },
  };
}

/** One accepted connection of a server under test, and the raw client at its other end. */
export interface ServerUnderTest {
  readonly client: Raw;
  readonly socket: Socket;
  readonly seen: Collector;
}

/** Starts http servers and raw peers; `stop` ends all of them. */
export class Bench {
  readonly #listeners: Listener[] = [];
  readonly #servers: Server[] = [];
  readonly #nets: NetSocket[] = [];
  readonly #sockets: Socket[] = [];

  /** A raw client connected to a server socket of ours. */
  async server(
    options: HttpTransportOptions = {},
    onMessage?: (socket: Socket, body: string) => void,
  ): Promise<ServerUnderTest> {
    const accepted: { socket: Socket; seen: Collector }[] = [];
    const listener = await httpTransport(options).listen('127.0.0.1:0', (socket) => {
      const seen = collector(({ body }) => onMessage?.(socket, body.toString()));
      accepted.push({ socket, seen });
      this.#sockets.push(socket);
      return seen;
    });
    this.#listeners.push(listener);
    const net = connect(Number(listener.address.split(':')[1]), '127.0.0.1');
    this.#nets.push(net);
    const client = raw(net);
    return { client, ...(await until(() => accepted[0])) };
  }

  /** A client socket of ours connected to a raw server. */
  async client(
    options: HttpTransportOptions = {},
  ): Promise<{ server: Raw; socket: Socket; seen: Collector; address: string }> {
    const accepted: Raw[] = [];
    const server = createServer((net) => {
      this.#nets.push(net);
      accepted.push(raw(net));
    });
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const seen = collector();
    const socket = await httpTransport(options).dial(address, seen);
    this.#sockets.push(socket);
    return { server: await until(() => accepted[0]), socket, seen, address };
  }

  async stop(): Promise<void> {
    for (const net of this.#nets.splice(0)) net.destroy();
    for (const socket of this.#sockets.splice(0)) socket.destroy();
    for (const server of this.#servers.splice(0)) server.close();
    await Promise.all(this.#listeners.splice(0).map((listener) => listener.close()));
  }
}
