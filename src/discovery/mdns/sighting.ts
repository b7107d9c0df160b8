import type { ServiceRecord } from '../registry.ts';
import type { Names } from './names.ts';
import type { Answer, Packet } from './packet.ts';
import { sameName } from './names.ts';
import { type Parse, readText } from './text.ts';

/** One node that a packet speaks of. */
export interface Sighting {
  readonly instance: string;
  /** With this node alone. */
  readonly record: ServiceRecord;
  /** True when the node says goodbye. */
  readonly gone: boolean;
}

/**
 * The nodes of our domain in a packet. Sections and order do not matter, since not every responder is ours. A node with an unreadable
 * text is skipped and handed to `onGarbage`.
 */
export function sightings(
  packet: Packet,
  names: Names,
  parse: Parse,
  onGarbage: (instance: string, error: unknown) => void,
): readonly Sighting[] {
  const answers = [...packet.answers, ...packet.additionals];
  const found: Sighting[] = [];
  // By name: a packet may hold thousands of each, and looking all of them through for each text would take seconds.
  const servers = firstByName(answers.filter((answer) => answer.type === 'SRV'));
  const addresses = firstByName(answers.filter(isPlain('A', 'AAAA')));
  for (const text of answers.filter((answer) => answer.type === 'TXT')) {
    if (!names.isInstance(text.name)) continue;
    const srv = servers.get(text.name.toLowerCase())?.data;
    const ip = srv === undefined ? undefined : addresses.get(srv.target.toLowerCase())?.data;
    if (srv === undefined || srv.port === 0 || ip === undefined) continue;
    const address = `${ip.includes(':') ? `[${ip}]` : ip}:${srv.port}`;
    try {
      const record = readText(
        hexOf(text.data),
        (service) => ({ id: names.nodeId(text.name, service) ?? '', address }),
        parse,
      );
      found.push({ instance: text.name, record, gone: text.ttl === 0 });
    } catch (error) {
      onGarbage(text.name, error);
    }
  }
  return found;
}

/** The services that an answer to the list question names. */
export const listedServices = (packet: Packet, names: Names): readonly string[] =>
  [...packet.answers, ...packet.additionals]
    .filter(isPlain('PTR'))
    .filter(({ name, ttl }) => sameName(name, names.list) && ttl !== 0)
    .map(({ data }) => names.unlisted(data))
    .filter((service) => service !== undefined);

/** Names in DNS are the same whatever their case. */
function firstByName<T extends Answer>(answers: readonly T[]): ReadonlyMap<string, T> {
  const first = new Map<string, T>();
  for (const answer of answers) {
    const name = answer.name.toLowerCase();
    if (!first.has(name)) first.set(name, answer);
  }
  return first;
}

type Plain = Extract<Answer, { readonly data: string }>;

function isPlain(...types: readonly Plain['type'][]): (answer: Answer) => answer is Plain {
  return (answer): answer is Plain => types.some((type) => type === answer.type);
}

const hexOf = (data: string | Buffer | readonly (string | Buffer)[]): string =>
  (Array.isArray(data) ? data : [data]).map((piece) => piece.toString('latin1')).join('');
