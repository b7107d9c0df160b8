import type { Occupant } from '../rooms.ts';
import { bareOf } from './address.ts';
import type { Here } from './presence.ts';

/** Who is in a room, by the exact nick. */
export interface Occupants {
  get(nick: string): Occupant | undefined;
  /** Came, or changed. False where there are too many already: who is beyond them is nobody. */
  put(here: Here): boolean;
  remove(nick: string): void;
  clear(): void;
}

export function createOccupants(most: number): Occupants {
  const byNick = new Map<string, Occupant>();
  return {
    get: (nick) => byNick.get(nick),
    put({ nick, jid, occupantId }) {
      if (byNick.size >= most && !byNick.has(nick)) return false;
      const name = detached(nick);
      byNick.set(name, {
        nick: name,
        jid: jid === '' ? undefined : detached(bareOf(jid)),
        occupantId: occupantId === undefined ? undefined : detached(occupantId),
      });
      return true;
    },
    remove: (nick) => void byNick.delete(nick),
    clear: () => byNick.clear(),
  };
}

/** Free of the delivery that it is a part of: otherwise every one of thousands would keep some of those alive. */
const detached = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le');
