import { type Element, Parser } from '@xmpp/xml';
import type { Own } from '../../../../src/inputs/xmpp/read/own.ts';
import type { Occupant, Room } from '../../../../src/inputs/xmpp/rooms.ts';

/** One stanza as it comes out of a stream. */
export function stanza(text: string): Element {
  const parser = new Parser();
  const found: Element[] = [];
  parser.on('element', (element: Element) => found.push(element));
  parser.on('error', (error: Error) => {
    throw error;
  });
  parser.write(`<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>${text}`);
  const [first, ...others] = found;
  if (first === undefined || others.length > 0) throw new Error(`not one stanza: ${text}`);
  return first;
}

const occupants: readonly Occupant[] = [
  { nick: 'alice', jid: 'Alice@chat.test/phone', occupantId: 'occ-alice' },
  { nick: 'bob', jid: undefined, occupantId: 'occ-bob' },
  { nick: 'ghost', jid: undefined, occupantId: undefined },
  { nick: 'twin', jid: 'micro@chat.test', occupantId: 'occ-twin' },
  // Takes the nick that looks like the administrator's.
  { nick: 'admin@chat.test', jid: 'mallory@chat.test', occupantId: 'occ-mallory' },
];

const room = (jid: string, isIdentifying: boolean, nick = 'micro'): Room => ({
  jid,
  nick,
  isIdentifying,
  occupant: (wanted) => occupants.find((occupant) => occupant.nick === wanted),
  nickOf: (id) => occupants.find(({ occupantId }) => occupantId === id)?.nick,
});

const rooms: readonly Room[] = [
  room('ops@rooms.chat.test', true),
  room('masked@rooms.chat.test', false),
  room('named@rooms.chat.test', true, 'Micro Bot (1)'),
];

export const own: Own = {
  jid: 'micro@chat.test/r1',
  bare: 'micro@chat.test',
  name: 'micro',
  rooms: { find: (jid) => rooms.find((each) => each.jid === jid) },
  since: Date.parse('2026-11-21T12:00:00Z'),
};
