import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type Element, Parser } from '@xmpp/xml';
import { until } from '../churn/until.ts';

/** The server's side of a connection whose client is logged in and in its room. */
export interface Prey {
  readonly isClosed: boolean;
  /** Waits for the network when it is behind. */
  write(bytes: string | Buffer): Promise<void>;
  /** Has `count` run and resolves when it was answered; false when that took too long. */
  count(name: string): Promise<boolean>;
  /** Resolves with the condition of the stream error that the client ends the stream with; empty where it ended without one, undefined where it did not end. */
  ended(): Promise<string | undefined>;
  /** Ends the connection, when all was written. */
  end(): Promise<void>;
}

export interface Enemy {
  readonly address: string;
  /** The next client that is logged in. */
  next(): Promise<Prey>;
  /** How often each name was answered. */
  readonly answers: ReadonlyMap<string, number>;
  close(): void;
}

const patienceMs = 20_000;

/** A server on the loopback interface that lets everybody in, without encryption. */
export async function startEnemy(room: string): Promise<Enemy> {
  const sockets = new Set<Socket>();
  const comers: Prey[] = [];
  const answers = new Map<string, number>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    welcome(socket, { room, answers, ready: (prey) => void comers.push(prey) });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    async next() {
      for (;;) {
        await until(() => comers.length > 0, patienceMs, 'somebody who logs in');
        const prey = comers.shift();
        if (prey?.isClosed === false) return prey;
      }
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

interface Host {
  readonly room: string;
  readonly answers: Map<string, number>;
  readonly ready: (prey: Prey) => void;
}

const header = `<?xml version='1.0'?><stream:stream from='enemy.test' id='s' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'><stream:features/>`;

function welcome(socket: Socket, { room, answers, ready }: Host): void {
  let condition = '';
  const write = async (bytes: string | Buffer): Promise<void> => {
    if (socket.destroyed || socket.writableEnded || socket.write(bytes)) return;
    await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => {});
  };
  const letIn = async (nick: string): Promise<void> => {
    const self = `<item affiliation='none' role='participant'/><status code='110'/>`;
    const user = `<x xmlns='http://jabber.org/protocol/muc#user'>${self}</x>`;
    await write(`<presence from='${room}/${nick}'>${user}</presence>`);
    ready(prey);
  };
  const take = (stanza: Element): void => {
    const { to = '', id = '', type = '' } = stanza.attrs as Readonly<Record<string, string | undefined>>;
    const name = /counted (?<name>[\w-]+)/.exec(stanza.getChildText('body') ?? '')?.groups?.['name'];
    if (stanza.name === 'stream:error') condition = stanza.getChildElements()[0]?.name ?? '';
    else if (name !== undefined) answers.set(name, (answers.get(name) ?? 0) + 1);
    else if (stanza.getChild('ping') !== undefined && type === 'get') void write(`<iq type='result' id='${id}'/>`);
    else if (stanza.name === 'presence' && type === '' && to.startsWith(`${room}/`))
      void letIn(to.slice(room.length + 1));
  };
  const parser = new Parser();
  parser.on('start', () => void write(header));
  parser.on('element', take);
  parser.on('error', () => socket.destroy());
  socket.setEncoding('utf8').on('data', (text: string) => {
    parser.write(text);
  });
  const prey: Prey = {
    get isClosed() {
      return socket.destroyed || socket.readableEnded;
    },
    write,
    async count(name) {
      await write(`<message type='chat' from='ada@enemy.test/x' id='${name}'><body>count ${name}</body></message>`);
      await until(() => answers.has(name) || prey.isClosed, patienceMs, 'an answer').catch(() => {});
      return answers.has(name);
    },
    async ended() {
      await until(() => prey.isClosed, patienceMs, 'the end of a stream').catch(() => {});
      return prey.isClosed ? condition : undefined;
    },
    async end() {
      socket.end();
      if (!socket.destroyed) await once(socket, 'close').catch(() => {});
    },
  };
}
