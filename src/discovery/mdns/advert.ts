import { isIP, isIPv4 } from 'node:net';
import { hostname } from 'node:os';
import { type Node, RegistryError, type ServiceRecord } from '../registry.ts';
import type { Names } from './names.ts';
import type { Answer } from './packet.ts';
import { writeText } from './text.ts';

/** One node as this process tells the network of it. */
export interface Advert {
  /** With this node alone. */
  readonly record: ServiceRecord;
  readonly instance: string;
  readonly ip: string;
  readonly port: number;
  readonly text: readonly string[];
}

export const host: string = hostname() === '' ? 'localhost' : hostname();
const ttl = 120;
const maxPacketBytes = 65_507;

/** Throws `invalid` when a node cannot be told of over mDNS. */
export function newAdvert(service: ServiceRecord, node: Node, names: Names): Advert {
  const { ip, port } = split(node.address);
  const instance = names.instance(service.name, node.id);
  const advert = { record: { ...service, nodes: [node] }, instance, ip, port, text: writeText(service, node) };
  const bytes = packetBytes(advert, names);
  if (bytes > maxPacketBytes) {
    const limit = `one packet carries ${maxPacketBytes.toLocaleString('en')}`;
    throw new RegistryError(
      'invalid',
      `the record of node ${node.id} needs ${bytes.toLocaleString('en')} bytes and ${limit}: use fewer endpoints or less metadata`,
    );
  }
  return advert;
}

/** What answers a question for the service. In this order: Go ties an address to what it has read before. */
export const nodeAnswers = (advert: Advert, names: Names): readonly Answer[] => [
  { name: names.service(advert.record.name), type: 'PTR', ttl, data: advert.instance },
  ...instanceAnswers(advert),
];

/** The node itself. With `ttl` 0 it says goodbye. */
export const instanceAnswers = (advert: Advert, seconds: number = ttl): readonly Answer[] => [
  {
    name: advert.instance,
    type: 'SRV',
    ttl: seconds,
    data: { priority: 10, weight: 1, port: advert.port, target: host },
  },
  addressAnswer(advert.ip, seconds),
  { name: advert.instance, type: 'TXT', ttl: seconds, data: [...advert.text] },
];

export const addressAnswer = (ip: string, seconds: number = ttl): Answer => ({
  name: host,
  type: isIPv4(ip) ? 'A' : 'AAAA',
  ttl: seconds,
  data: ip,
});

/** One service in the list of services; port and address are only there because Go drops answers without them. */
export const listAnswers = (service: string, names: Names): readonly Answer[] => {
  const name = names.listed(service);
  return [
    { name: names.list, type: 'PTR', ttl, data: name },
    { name, type: 'SRV', ttl, data: { priority: 10, weight: 1, port: 9999, target: host } },
    addressAnswer('0.0.0.0'),
    { name, type: 'TXT', ttl, data: [] },
  ];
};

export const typeAnswer = (service: string, names: Names): Answer => ({
  name: names.types,
  type: 'PTR',
  ttl,
  data: names.service(service),
});

function split(address: string): { readonly ip: string; readonly port: number } {
  const [, bracketed, plain, digits] = /^(?:\[(.*)\]|([^:]*)):(\d+)$/.exec(address) ?? [];
  const ip = bracketed ?? plain ?? '';
  const port = Number(digits);
  if (isIP(ip) === 0) {
    throw new RegistryError(
      'invalid',
      `mDNS needs a literal IP address and a port, as in 192.168.1.5:8080, and the node's address is ${JSON.stringify(address)}`,
    );
  }
  if (port < 1 || port > 65_535) {
    throw new RegistryError('invalid', `the port in ${JSON.stringify(address)} is not between 1 and 65535`);
  }
  return { ip, port };
}

/** The size of the largest message about a node, the answer to a question, with its names written out. */
function packetBytes({ record, instance, text }: Advert, names: Names): number {
  const size = (name: string): number => Buffer.byteLength(name) + 2;
  const [service, fixed] = [size(names.service(record.name)), 10];
  const records = [
    service + fixed + size(instance),
    size(instance) + fixed + 6 + size(host),
    size(host) + fixed + 16,
    size(instance) + fixed + text.reduce((sum, piece) => sum + piece.length + 1, 0),
  ];
  return 12 + service + 4 + records.reduce((sum, bytes) => sum + bytes, 0);
}
