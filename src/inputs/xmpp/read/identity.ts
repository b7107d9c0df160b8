import type { Room } from '../rooms.ts';
import type { Said } from '../said.ts';
import { bareOf, domainOf } from './address.ts';
import type { Own } from './own.ts';

export type Person = Pick<Said, 'sender' | 'isKnown'>;

/**
 * Who has a nick in a room at the moment, never by the nick itself. A room's word for an address counts where its server is believed;
 * elsewhere people are known within the room only, if it has a name for each.
 */
export function personIn(room: Room, nick: string, own: Pick<Own, 'bare' | 'believes'>): Person {
  const occupant = room.isIdentifying ? room.occupant(nick) : undefined;
  const believes = own.believes ?? ((domain: string): boolean => isBelow(domain, domainOf(own.bare)));
  if (occupant?.jid !== undefined && occupant.jid !== '' && believes(domainOf(room.jid))) {
    return { sender: bareOf(occupant.jid), isKnown: true };
  }
  if (occupant?.occupantId !== undefined && occupant.occupantId !== '') {
    return { sender: `${room.jid}/${occupant.occupantId}`, isKnown: true };
  }
  return { sender: `${room.jid}/anonymous`, isKnown: false };
}

const isBelow = (domain: string, of: string): boolean => domain === of || domain.endsWith(`.${of}`);
