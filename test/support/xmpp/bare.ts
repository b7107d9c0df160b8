import { once } from 'node:events';
import { connect as connectPlainly, type Socket } from 'node:net';
import { connect } from 'node:tls';
import { type Element, Parser } from '@xmpp/xml';
import { until } from '../until.ts';

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly domain: string;
  /** Whom to trust, as PEM, for TLS from the first byte; without it there is no TLS. */
  readonly ca?: string;
  /** Whatever certificate it shows. */
  readonly anyCertificate?: boolean;
}

/** A stream before the login. */
export interface Bare {
  readonly isOpen: boolean;
  /** What came and was not taken. */
  readonly came: Element[];
  /** Begins a stream, and resolves with what the server offers there. */
  begin(): Promise<Element>;
  /** Takes what comes next. */
  next(): Promise<Element>;
  write(xml: string): void;
  end(): void;
}

/** Rejects when there is no connection, or the certificate is not trusted. */
export async function openBare({ host, port, domain, ca, anyCertificate = false }: Target): Promise<Bare> {
  const socket: Socket =
    ca === undefined
      ? connectPlainly(port, host)
      : connect({ host, port, servername: domain, ca, rejectUnauthorized: !anyCertificate });
  const came: Element[] = [];
  let parser = new Parser();
  let isOpen = true;
  socket.on('close', () => {
    isOpen = false;
  });
  await once(socket, ca === undefined ? 'connect' : 'secureConnect');
  socket.on('error', () => {});
  socket.setEncoding('utf8').on('data', (text: string) => parser.write(text));
  const next = async (): Promise<Element> => {
    await until(() => came.length > 0 || !isOpen);
    const element = came.shift();
    if (element === undefined) throw new Error('the stream ended');
    return element;
  };
  return {
    get isOpen() {
      return isOpen;
    },
    came,
    begin() {
      parser = new Parser();
      parser.on('element', (element: Element) => void came.push(element));
      parser.on('error', () => socket.destroy());
      socket.write(
        `<?xml version='1.0'?><stream:stream to='${domain}' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`,
      );
      return next();
    },
    next,
    write: (xml) => void socket.write(xml),
    end: () => void socket.end('</stream:stream>'),
  };
}
