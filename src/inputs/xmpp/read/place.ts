import type { Element } from '@xmpp/xml';
import type { Room } from '../rooms.ts';
import type { Said } from '../said.ts';
import { bareOf, localOf, resourceOf } from './address.ts';
import { attribute, childOf } from './element.ts';
import { personIn } from './identity.ts';
import type { Own } from './own.ts';

/** Where something was said, and who said it. */
export interface Place extends Pick<Said, 'to' | 'kind' | 'sender' | 'isKnown' | 'nick'> {
  /** As the stanza has it. */
  readonly from: string;
  readonly room: Room | undefined;
}

/** Undefined where nobody we could answer said something to us: ourselves, a server, or somebody in a room that we are not in. */
export function placeOf(stanza: Element, own: Own): Place | undefined {
  const from = attribute(stanza, 'from');
  if (from === undefined) return undefined;
  const bare = bareOf(from);
  const room = own.rooms.find(bare);
  switch (attribute(stanza, 'type') ?? 'normal') {
    case 'groupchat':
      return room === undefined ? undefined : inRoom(room, from, own, 'groupchat');
    case 'error':
    case 'headline':
      return undefined;
    // A type that nobody knows is a normal message.
    default:
      if (room !== undefined) return inRoom(room, from, own, 'private');
      // It says that it comes through a room. From one that we are in it would be known.
      if (childOf(stanza, 'x', roomUser) !== undefined) return undefined;
      if (bare === own.bare || localOf(bare) === '') return undefined;
      return { kind: 'chat', to: from, from, sender: bare, isKnown: true, nick: localOf(bare), room: undefined };
  }
}

function inRoom(room: Room, from: string, own: Own, kind: 'groupchat' | 'private'): Place | undefined {
  const nick = resourceOf(from);
  // Without a nick it is the room itself that talks; and it tells us what we said.
  if (nick === '' || nick === room.nick) return undefined;
  if (room.occupant(nick)?.jid === own.bare) return undefined;
  const to = kind === 'groupchat' ? room.jid : from;
  return { kind, to, from, ...personIn(room, nick), nick, room };
}

const roomUser = 'http://jabber.org/protocol/muc#user';
