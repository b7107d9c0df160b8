import type { Element } from '@xmpp/xml';
import type { RoomStyle } from '../dialect.ts';
import { attribute } from './attribute.ts';
import { bareOf, domainOf, isRoomAddress, resourceOf } from './address.ts';
import { namespaces } from './namespaces.ts';

/** Whose invitations are accepted. A list has bare addresses. Default: people of our own domain, and rooms of our own server. */
export type Inviters = 'anybody' | 'nobody' | readonly string[];

/** Somebody asks us into a room. */
export interface Asked {
  readonly room: string;
  readonly password: string | undefined;
  /** The bare address of who asks, or of the room where that does not tell who; empty where nobody who can be believed does. */
  readonly from: string;
  /** It waited for us: what happened to us since then may be the later word. */
  readonly isOld: boolean;
}

export interface InvitationReader {
  readonly style: RoomStyle;
  /** True if what this room says about others can be believed. */
  readonly isTrusted: (room: string) => boolean;
  /** The bare address of an occupant of a room we are in, empty for one that is not known; undefined where it is not such a room. */
  readonly addressOf: (jid: string) => string | undefined;
}

/** Direct (XEP-0249), by the room (XEP-0045 7.8.2), or in the dialect's way. Undefined for what invites nobody. */
export function readInvitation(stanza: Element, reader: InvitationReader): Asked | undefined {
  // Servers put what looks like a direct invitation beside that of the room, for clients that know nothing else.
  const asked = readMediated(stanza, reader) ?? readDirect(stanza, reader) ?? readDialect(stanza, reader);
  return asked !== undefined && isRoomAddress(asked.room) ? asked : undefined;
}

function readDirect(stanza: Element, { addressOf }: InvitationReader): Asked | undefined {
  const x = stanza.getChild('x', namespaces.direct);
  if (x === undefined) return undefined;
  const sender = attribute(stanza, 'from');
  const from = addressOf(sender) ?? bareOf(sender);
  return asked(stanza, attribute(x, 'jid'), attribute(x, 'password'), from);
}

function readMediated(stanza: Element, reader: InvitationReader): Asked | undefined {
  const sender = attribute(stanza, 'from');
  const x = stanza.getChild('x', namespaces.user);
  const invite = x?.getChild('invite');
  // One of those in the room could write the same; only the room itself has no nick.
  if (x === undefined || invite === undefined || resourceOf(sender) !== '') return undefined;
  return asked(stanza, sender, x.getChildText('password') ?? '', claimed(attribute(invite, 'from'), sender, reader));
}

function readDialect(stanza: Element, reader: InvitationReader): Asked | undefined {
  const invitation = reader.style.invitation?.(stanza);
  if (invitation === undefined) return undefined;
  return asked(stanza, invitation.room, '', claimed(invitation.from, attribute(stanza, 'from'), reader));
}

/** Who the sender of a stanza says that it was. */
function claimed(from: string, sender: string, { isTrusted, addressOf }: InvitationReader): string {
  if (!isTrusted(bareOf(sender)) && bareOf(sender) !== bareOf(from)) return '';
  return addressOf(from) ?? bareOf(from);
}

const asked = (stanza: Element, room: string, password: string, from: string): Asked => ({
  room: bareOf(room),
  password: password === '' ? undefined : password,
  from,
  isOld: stanza.getChild('delay', namespaces.delay) !== undefined,
});

export interface House {
  readonly ownDomain: string;
  readonly isTrusted: (room: string) => boolean;
}

export function mayInvite(inviters: Inviters | undefined, { from, room }: Asked, house: House): boolean {
  if (inviters === 'anybody') return true;
  if (inviters === 'nobody' || from === '') return false;
  // Anonymous rooms invite without a word about who wanted it.
  if (inviters === undefined) return domainOf(from) === house.ownDomain || (from === room && house.isTrusted(room));
  return inviters.some((inviter) => bareOf(inviter) === from);
}
