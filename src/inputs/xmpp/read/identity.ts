import type { Room } from '../rooms.ts';
import type { Said } from '../said.ts';
import { bareOf } from './address.ts';

export type Person = Pick<Said, 'sender' | 'isKnown'>;

/** Who has a nick in a room at the moment, never by the nick itself. Which addresses a room is believed about is the rooms' business. */
export function personIn(room: Room, nick: string): Person {
  const occupant = room.isIdentifying ? room.occupant(nick) : undefined;
  if (occupant?.jid !== undefined && occupant.jid !== '') return { sender: bareOf(occupant.jid), isKnown: true };
  if (occupant?.occupantId !== undefined && occupant.occupantId !== '') {
    return { sender: `${room.jid}/${occupant.occupantId}`, isKnown: true };
  }
  return { sender: `${room.jid}/anonymous`, isKnown: false };
}
