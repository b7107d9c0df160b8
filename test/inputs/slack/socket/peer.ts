import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** The other end of one socket, which does just what a test says. */
export interface Side {
  readonly socket: WebSocket;
  /** The connection beneath it. */
  readonly tcp: Socket;
  /** Which one it is, counted from 0. */
  readonly index: number;
  readonly say: (frame: object | string | Buffer) => void;
}

/** Something that is reached like Slack and behaves like nothing Slack would send. */
export interface Peer extends AsyncDisposable {
  readonly openUrl: () => Promise<string>;
  /** Open connections, and how many there ever were. */
  readonly connections: number;
  readonly opened: number;
  /** What came in, as text. */
  readonly heard: readonly string[];
}

export const hello = { type: 'hello', num_connections: 1 };

export async function startPeer(behave: (side: Side) => void, autoPong = true): Promise<Peer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, autoPong });
  const tcps = new Set<Socket>();
  const heard: string[] = [];
  let opened = 0;
  server.on('connection', (socket, { socket: tcp }) => {
    tcps.add(tcp);
    tcp.on('close', () => tcps.delete(tcp));
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) => heard.push(data.toString()));
    const index = opened;
    opened += 1;
    behave({
      socket,
      tcp,
      index,
      say: (frame) =>
        socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame), () => {}),
    });
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    openUrl: () => Promise.resolve(`ws://127.0.0.1:${port}/?ticket=canary-${opened}`),
    get connections() {
      return tcps.size;
    },
    get opened() {
      return opened;
    },
    heard,
    async [Symbol.asyncDispose]() {
      for (const tcp of tcps) tcp.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
