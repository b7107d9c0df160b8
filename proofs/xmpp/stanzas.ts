import { escapeXML } from '@xmpp/xml';
import type { Random } from '../fuzz/random.ts';

/** Stanzas that are XML and mean anything or nothing; none is a command. */
export function stanza(random: Random, room: string): string {
  const number = random.below(1_000_000);
  const from = random.pick([
    room,
    `${room}/n${number}`,
    `${room}/micro`,
    `p${number}@enemy.test/x`,
    'enemy.test',
    '',
    '@',
    `${room}/`,
  ]);
  const type = random.pick([...kinds, word(random)]);
  const attributes = { from, type, id: `f${number}`, to: random.pick(['bot0@enemy.test/here', room, '']) };
  const written = Object.entries(attributes)
    .filter(() => random.chance(0.9))
    .map(([name, value]) => ` ${name}='${escapeXML(value)}'`);
  const inside = Array.from({ length: random.below(4) }, () => payload(random, 0)).join('');
  const name = random.pick(['message', 'message', 'presence', 'presence', 'iq']);
  return `<${name}${written.join('')}>${inside}</${name}>`;
}

/** What somebody says in a room, to nobody. */
export const chatter = (index: number, room: string): string =>
  `<message type='groupchat' from='${room}/n${index % 500}' id='c${index}'><body>did anybody see number ${index}?</body></message>`;

const kinds = 'chat groupchat normal headline error get set result unavailable subscribe probe'.split(' ');

const elements =
  'body subject thread x item status query error delay invite destroy reason replace request received forwarded encrypted password composing show priority actor stanza-id occupant-id ping c'.split(
    ' ',
  );

const muc = 'http://jabber.org/protocol/muc';

const namespaces = [
  muc,
  `${muc}#user`,
  `${muc}#admin`,
  `${muc}#owner`,
  'http://hipchat.com/protocol/muc#room',
  'http://jabber.org/protocol/chatstates',
  'http://jabber.org/protocol/disco#info',
  'http://jabber.org/protocol/disco#items',
  'jabber:client',
  'jabber:iq:roster',
  'jabber:iq:version',
  'jabber:x:conference',
  'jabber:x:data',
  'jabber:x:delay',
  'eu.siacs.conversations.axolotl',
  'urn:ietf:params:xml:ns:xmpp-stanzas',
  'urn:xmpp:carbons:2',
  'urn:xmpp:delay',
  'urn:xmpp:forward:0',
  'urn:xmpp:message-correct:0',
  'urn:xmpp:occupant-id:0',
  'urn:xmpp:ping',
  'urn:xmpp:receipts',
  'urn:xmpp:sid:0',
];

const values = [
  '',
  '110',
  '201',
  '301',
  '303',
  '307',
  '332',
  '333',
  'none',
  'outcast',
  'owner',
  'moderator',
  'micro',
  'bot0@enemy.test',
  '-1',
  '1e999',
  '2026-01-01T00:00:00Z',
  'not a date',
  '__proto__',
  'constructor',
];

function payload(random: Random, depth: number): string {
  const name = random.pick(elements);
  const namespace = random.chance(0.7) ? ` xmlns='${random.pick(namespaces)}'` : '';
  const attributes = ['jid', 'nick', 'code', 'role', 'affiliation', 'stamp', 'id', 'by', 'from', 'node', 'var']
    .filter(() => random.chance(0.25))
    .map((attribute) => ` ${attribute}='${escapeXML(random.chance(0.6) ? random.pick(values) : word(random))}'`);
  const inside = Array.from({ length: random.below(3) }, () =>
    depth < 6 && random.chance(0.5) ? payload(random, depth + 1) : escapeXML(word(random)),
  );
  return `<${name}${namespace}${attributes.join('')}>${inside.join('')}</${name}>`;
}

/** From all of Unicode that XML may have. */
const word = (random: Random): string =>
  Array.from({ length: random.below(12) }, () =>
    random.chance(0.7)
      ? String.fromCodePoint(0x20 + random.below(0x5f))
      : String.fromCodePoint(random.pick([0xa0, 0x4e00, 0x202e, 0x1f600, 0x200b, 0xfdd0 - 1]) + random.below(30)),
  ).join('');
