import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { type Element, Parser } from '@xmpp/xml';

/** One client's stream, seen from the server. */
export interface Stream {
  /** As in the header. */
  readonly id: string;
  send(element: Element): void;
  /** Ends the connection without a word. */
  cut(): void;
}

export interface StreamEvents {
  /** The client opened its stream: the header is answered already. */
  opened(stream: Stream): void;
  element(stream: Stream, element: Element): void;
  closed(stream: Stream): void;
}

/** Reads and answers what comes on a socket, without TLS. */
export function serveStream(socket: Socket, domain: string, events: StreamEvents): void {
  const stream: Stream = {
    id: randomBytes(8).toString('hex'),
    send(element) {
      if (!socket.destroyed) socket.write(element.toString());
    },
    cut: () => socket.destroy(),
  };
  const parser = new Parser();
  parser.on('start', () => {
    const spaces = "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'";
    socket.write(`<?xml version='1.0'?><stream:stream ${spaces} version='1.0' from='${domain}' id='${stream.id}'>`);
    events.opened(stream);
  });
  parser.on('element', (element: Element) => events.element(stream, element));
  parser.on('end', () => socket.end('</stream:stream>'));
  parser.on('error', () => socket.destroy());
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => parser.write(chunk));
  socket.on('error', () => {});
  socket.on('close', () => events.closed(stream));
}
