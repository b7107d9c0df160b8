import { randomBytes } from 'node:crypto';
import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { decode, type DecodedPacket, encode, type Packet } from 'dns-packet';

export interface Heard {
  readonly packet: DecodedPacket;
  readonly bytes: Buffer;
  readonly from: RemoteInfo;
}

/** A plain UDP socket on loopback that speaks mDNS: somebody else's program. */
export interface Peer {
  readonly port: number;
  /** Everything that could be decoded. */
  readonly heard: readonly Heard[];
  /** To the group, or to one port of this machine. */
  send(message: Uint8Array | Packet, port?: number): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const group = '224.0.0.251';

/** `port` 5353 hears the group, 0 takes a port of its own. */
export async function openPeer(port: 0 | 5353, onPacket?: (heard: Heard, peer: Peer) => void): Promise<Peer> {
  const socket = createSocket({ type: 'udp4', reuseAddr: port !== 0 });
  const heard: Heard[] = [];
  socket.on('message', (bytes, from) => {
    try {
      const entry = { packet: decode(bytes), bytes, from };
      heard.push(entry);
      onPacket?.(entry, peer);
    } catch {
      // Other tests send garbage to the group.
    }
  });
  socket.bind(port, port === 0 ? '127.0.0.1' : group);
  await once(socket, 'listening');
  if (port !== 0) socket.addMembership(group, '127.0.0.1');
  socket.setMulticastInterface('127.0.0.1');
  const peer: Peer = {
    port: socket.address().port,
    heard,
    send: (message, to) =>
      new Promise((resolve, reject) => {
        const bytes = message instanceof Uint8Array ? message : encode(message);
        const done = (error: Error | null): void => (error ? reject(error) : resolve());
        if (to === undefined) socket.send(bytes, 5353, group, done);
        else socket.send(bytes, to, '127.0.0.1', done);
      }),
    async [Symbol.asyncDispose]() {
      socket.close();
      await once(socket, 'close');
    },
  };
  return peer;
}

const vectors = JSON.parse(readFileSync(new URL('../../fixtures/mdns.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, string>
>;

/** As long as `micro`, so that the names in a captured message can be exchanged. */
export const shortDomain = (): string => randomBytes(3).toString('hex').slice(0, 5);

/** A message of a real go-micro, moved to another domain. */
export function vector(name: string, domain: string): Buffer {
  const bytes = Buffer.from(vectors[name] ?? '', 'hex');
  const label = Buffer.from('\u0005micro');
  for (let at = bytes.indexOf(label); at >= 0; at = bytes.indexOf(label, at + 1)) bytes.write(domain, at + 1);
  return bytes;
}

/** What a packet of this domain asks or says. */
export const isAbout = ({ packet }: Heard, domain: string): boolean =>
  [...(packet.questions ?? []), ...(packet.answers ?? []), ...(packet.additionals ?? [])].some(({ name }) =>
    name.endsWith(domain),
  );
