import { networkInterfaces } from 'node:os';
import makeMdns, { type MulticastDNS } from 'multicast-dns';
import type { Log } from '../../log/log.ts';
import { RegistryError } from '../registry.ts';
import { group, groupAddress, groupPort, type Outgoing, type Packet, type Peer } from './packet.ts';

/** What arrives. */
export interface Ears {
  /** A question, at port 5353. */
  question(packet: Packet, from: Peer): void;
  /** An announcement, at port 5353. */
  announcement(packet: Packet): void;
  /** An answer to a question of ours. */
  answer(packet: Packet): void;
  /** The socket on port 5353 broke; `join` opens a new one. */
  lost(error: RegistryError): void;
}

/**
 * The two sockets of a registry, each opened when it is first needed. Questions leave from a port of their own: answers go back to the
 * port of the question, and at 5353 Go would take an answer, which has the question in it, for a question.
 */
export interface Network {
  /** Listens on port 5353 from now on. Rejects with `unavailable`. */
  join(): Promise<void>;
  /** Sends from port 5353. Rejects with `unavailable`. */
  tell(packet: Outgoing, to?: Peer): Promise<void>;
  /** Sends a question. Rejects with `unavailable`. */
  ask(packet: Outgoing): Promise<void>;
  /** Closes the sockets until they are needed again. */
  rest(): Promise<void>;
  /** Closes them for good. */
  close(): Promise<void>;
}

/** `where` is an interface's name or IPv4 address; undefined means all of them. */
export function newNetwork(where: string | undefined, log: Log, ears: Ears): Network {
  let member: Promise<MulticastDNS> | undefined;
  let asker: MulticastDNS | undefined;
  let closed = false;

  const logWarning = onceEach((error: Error) => log.debug('mDNS: a packet or an interface is skipped', { error }));

  const open = (port: number): MulticastDNS => {
    if (closed) throw new RegistryError('closed', 'the mDNS registry is closed');
    const address = addressOf(where);
    const onLoopback = address?.startsWith('127.') === true;
    const socket = makeMdns({
      port,
      // Two processes that are given the same port of their own would take each other's answers.
      reuseAddr: port === groupPort,
      ...(address === undefined ? {} : { interface: address }),
      // Bound to its own address, a socket never hears the group; on loopback, nothing but the group shall be heard.
      ...(address === undefined || port === 0 ? {} : { bind: onLoopback ? groupAddress : '0.0.0.0' }),
    });
    const isNear = ({ address: from }: Peer): boolean => !onLoopback || from.startsWith('127.');
    socket.on('warning', logWarning);
    if (port === 0) {
      socket.on('error', logWarning);
      socket.on('response', (packet, from) => isNear(from) && ears.answer(packet as Packet));
    } else {
      socket.on('query', (packet, from) => isNear(from) && ears.question(packet as Packet, from));
      socket.on('response', (packet, from) => isNear(from) && ears.announcement(packet as Packet));
    }
    return socket;
  };

  const opened = (): Promise<MulticastDNS> =>
    new Promise((resolve, reject) => {
      const socket = open(groupPort);
      let ready = false;
      socket.once('ready', () => {
        ready = true;
        resolve(socket);
      });
      socket.on('error', (error) => {
        member = undefined;
        const failure = unavailable(`UDP port ${groupPort} cannot be used: ${error.message}`, error);
        if (ready) ears.lost(failure);
        else reject(failure);
        socket.destroy();
      });
    });

  const rest = async (): Promise<void> => {
    const sockets = [member, asker];
    member = undefined;
    asker = undefined;
    await Promise.all(sockets.map(async (opened) => destroyed(await Promise.resolve(opened).catch(() => undefined))));
  };

  return {
    async join() {
      member ??= opened();
      const joining = member;
      try {
        await joining;
      } catch (error) {
        if (member === joining) member = undefined;
        throw error;
      }
    },
    async tell(packet, to = group) {
      if (member !== undefined) await send(await member, packet, to);
    },
    async ask(packet) {
      asker ??= open(0);
      await send(asker, packet, group);
    },
    rest,
    async close() {
      closed = true;
      await rest();
    },
  };
}

const send = (socket: MulticastDNS, packet: Outgoing, to: Peer): Promise<void> =>
  new Promise((resolve, reject) => {
    // The library writes into the message that it is given.
    const message = { ...packet, questions: [...(packet.questions ?? [])], answers: [...(packet.answers ?? [])] };
    const onSent = (error: Error | null | undefined): void =>
      error ? reject(unavailable(`mDNS cannot send: ${error.message}`, error)) : resolve();
    (socket as MulticastDNS & Sender).send(message, to, onSent);
  });

/** What the types of the library leave out. Its `respond` would mark an announcement as an answer. */
interface Sender {
  send(message: object, to: Peer, onSent: (error: Error | null | undefined) => void): void;
}

const destroyed = (socket: MulticastDNS | undefined): Promise<void> =>
  new Promise((done) => (socket === undefined ? done() : socket.destroy(done)));

const unavailable = (message: string, cause: Error): RegistryError =>
  new RegistryError('unavailable', message, { cause });

function addressOf(where: string | undefined): string | undefined {
  if (where === undefined) return undefined;
  const interfaces = Object.entries(networkInterfaces());
  for (const [name, addresses = []] of interfaces) {
    const found = addresses.find(({ address, family }) => family === 'IPv4' && (name === where || address === where));
    if (found !== undefined) return found.address;
  }
  throw new RegistryError(
    'unavailable',
    `mDNS: no network interface of this machine is ${where} or has that IPv4 address`,
  );
}

function onceEach(tell: (error: Error) => void): (error: Error) => void {
  const told = new Set<string>();
  return (error) => {
    if (told.has(error.message) || told.size > 100) return;
    told.add(error.message);
    tell(error);
  };
}
