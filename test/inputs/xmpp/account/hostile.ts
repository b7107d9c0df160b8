import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { authority, type Identity } from '../../../support/tls.ts';
import { until } from '../../../support/until.ts';

/** The server's side of one connection, of which a test says every byte. */
export interface Peer {
  /** All that came so far, as text. */
  readonly heard: string;
  readonly isClosed: boolean;
  write(bytes: string | Buffer): void;
  /** Waits until that was heard, and forgets all up to its end. Resolves with what was before it. */
  hear(text: string): Promise<string>;
  /** Takes the stream's header, answers it, and announces these features. */
  open(features: string): Promise<void>;
  /** Goes on with TLS, as the server of `localhost`. */
  encrypt(identity?: Identity): Promise<void>;
  /** Answers the request that contains that. */
  answer(part: string, result: string): Promise<void>;
  end(): void;
}

export const mechanisms = (...names: readonly string[]): string =>
  `<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>${names.map((name) => `<mechanism>${name}</mechanism>`).join('')}</mechanisms>`;

export const startTls = `<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>`;

/** A server on the loopback interface that does to each connection, of which it is told the number, what the test wants. */
export async function hostile(play: (peer: Peer, number: number) => Promise<void>): Promise<string> {
  const sockets = new Set<Socket>();
  let count = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    count += 1;
    // A play that waits in vain is over with the connection, or the test.
    play(createPeer(socket), count).catch(() => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function createPeer(raw: Socket): Peer {
  let socket = raw;
  let heard = '';
  let isClosed = false;
  const listen = (): void => {
    socket.on('data', (bytes: Buffer) => {
      heard += bytes.toString();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      isClosed = true;
    });
  };
  listen();
  const write = (bytes: string | Buffer): void => void socket.write(bytes);
  const hear = async (text: string): Promise<string> => {
    await until(() => heard.includes(text) || isClosed);
    const at = heard.indexOf(text);
    if (at === -1) throw new Error(`never heard ${text}`);
    const before = heard.slice(0, at);
    heard = heard.slice(at + text.length);
    return before;
  };
  return {
    get heard() {
      return heard;
    },
    get isClosed() {
      return isClosed;
    },
    write,
    hear,
    async open(features) {
      await hear('<stream:stream');
      await hear('>');
      write(
        `<?xml version='1.0'?><stream:stream from='localhost' id='s1' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'><stream:features>${features}</stream:features>`,
      );
    },
    async encrypt(identity = authority().server) {
      socket.removeAllListeners('data');
      socket = new TLSSocket(socket, { isServer: true, ...identity });
      heard = '';
      listen();
      await once(socket, 'secure');
    },
    async answer(part, result) {
      const start = await hear(part);
      const id = /<iq [^>]*id="([^"]*)"[^>]*>[^]*$/.exec(start.slice(start.lastIndexOf('<iq ')))?.[1] ?? '';
      write(`<iq type='result' id='${id}'>${result}</iq>`);
    },
    end: () => void socket.end(),
  };
}

/** What is said to a connection without TLS whose account logs in by a way of its own (`bound` below). */
export async function welcome(peer: Peer): Promise<void> {
  await peer.open('');
}

/** A way to log in that asks the server nothing: what a test is about comes after it. */
export const bound = (): Promise<{ readonly kind: 'bound'; readonly jid: string }> =>
  Promise.resolve({ kind: 'bound', jid: 'bot@localhost/here' });
