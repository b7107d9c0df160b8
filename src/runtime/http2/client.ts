import type { Socket } from 'node:net';
import { preface } from './frame.ts';
import type { Connection, ConnectionOwner, Limits } from './http2.ts';
import { Link } from './link.ts';
import { Reader } from './reader.ts';

/** Speaks HTTP/2 on a connected socket, which belongs to the connection from now on. Streams can be opened at once. */
export function http2Client(socket: Socket, owner: ConnectionOwner, limits: Limits): Connection {
  const link = new Link(socket, false, owner, limits);
  const reader = new Reader(link);
  link.sender.raw(preface);
  link.greet();
  socket.on('data', (chunk: Buffer) => reader.read(chunk));
  return link;
}
