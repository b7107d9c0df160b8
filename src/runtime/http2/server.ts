import type { Socket } from 'node:net';
import type { Connection, ConnectionOwner, Limits } from './http2.ts';
import { Link } from './link.ts';
import { Reader } from './reader.ts';

/** Serves HTTP/2 on a connected socket, which belongs to the connection from now on. */
export function http2Server(socket: Socket, owner: ConnectionOwner, limits: Limits): Connection {
  const link = new Link(socket, true, owner, limits);
  const reader = new Reader(link);
  link.greet();
  socket.on('data', (chunk: Buffer) => reader.read(chunk));
  return link;
}
