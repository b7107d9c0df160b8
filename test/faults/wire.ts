import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { until } from '../support/until.ts';

/** A TCP connection to a server of ours: what is written is exactly what a test says. */
export interface Caller {
  readonly socket: Socket;
  readonly write: (text: string | Uint8Array) => void;
  /** What came back so far, one character a byte. */
  heard(): string;
  /** Everything, once the other side has closed. */
  ended(): Promise<string>;
}

export async function dial(address: string): Promise<Caller> {
  const [host = '', port = ''] = address.split(':');
  const socket = connect({ host, port: Number(port), noDelay: true });
  onTestFinished(() => void socket.destroy());
  let heard = '';
  let isClosed = false;
  socket.setEncoding('latin1').on('data', (text: string) => {
    heard += text;
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    isClosed = true;
  });
  await once(socket, 'connect');
  return {
    socket,
    write: (text) => void socket.write(text),
    heard: () => heard,
    async ended() {
      await until(() => isClosed);
      return heard;
    },
  };
}

/** A server that is none: a test decides what becomes of each connection. */
export interface Hostile {
  readonly address: string;
  readonly connections: readonly Socket[];
  /** All that came, on all connections, one character a byte. */
  heard(): string;
}

/** Calls `answer` with each piece that comes, until the test ends. */
export async function hostile(answer: (socket: Socket, piece: string) => void): Promise<Hostile> {
  const connections: Socket[] = [];
  let heard = '';
  const server = createServer({ noDelay: true }, (socket) => {
    connections.push(socket);
    socket.on('error', () => {});
    socket.setEncoding('latin1').on('data', (piece: string) => {
      heard += piece;
      answer(socket, piece);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of connections) socket.destroy();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, connections, heard: () => heard };
}

/** A request as a peer writes it, with its length. */
export const request = (endpoint: string, body = '{"name":"John"}', headers: readonly string[] = []): string =>
  [
    'POST / HTTP/1.1',
    'Host: x',
    'Content-Type: application/json',
    `Micro-Endpoint: ${endpoint}`,
    ...headers,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');

/** An answer as a peer writes it, with its length. */
export const answerOf = (body: string, headers: readonly string[] = []): string =>
  [
    'HTTP/1.1 200 OK',
    'Content-Type: application/json',
    ...headers,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');

/** How many answers with this status are in a text. */
export const count = (text: string, status: string): number => text.split(`HTTP/1.1 ${status}\r\n`).length - 1;
