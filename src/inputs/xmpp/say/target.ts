import type { Said } from '../said.ts';
import { bareOf, resourceOf } from '../read/address.ts';
import type { Rooms } from '../rooms.ts';

/** Where something is said. */
export interface Target {
  readonly to: string;
  readonly kind: Said['kind'];
  readonly thread: string | undefined;
  /** Who has that nick, as `personAt` tells: it may be somebody else by the time there is something to say. */
  readonly person?: string | undefined;
}

/** What is one conversation to people: whichever of their programs they use. */
export const conversationOf = ({ to, kind }: Pick<Target, 'to' | 'kind'>): string =>
  kind === 'private' ? to : bareOf(to);

/** Where the answer to something goes. */
export function targetOf({ to, kind, thread }: Said, rooms: Pick<Rooms, 'find'> | undefined): Target {
  return { to, kind, thread, person: kind === 'private' ? personAt(to, rooms) : undefined };
}

/** The same person alone, for who said something in a room. */
export function whisperOf({ to, nick, thread }: Said, rooms: Pick<Rooms, 'find'> | undefined): Target {
  const alone = `${to}/${nick}`;
  return { to: alone, kind: 'private', thread, person: personAt(alone, rooms) };
}

/** Tells people apart that have the same nick one after the other, as far as the room does. Undefined where nobody has it. */
export function personAt(to: string, rooms: Pick<Rooms, 'find'> | undefined): string | undefined {
  const occupant = rooms?.find(bareOf(to))?.occupant(resourceOf(to));
  return occupant && JSON.stringify([occupant.jid, occupant.occupantId]);
}
