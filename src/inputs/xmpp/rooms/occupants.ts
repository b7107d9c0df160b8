import type { Occupant } from '../rooms.ts';
import { bareOf } from './address.ts';
import type { Here } from './presence.ts';

/** Who is in a room, by the exact nick. */
export interface Occupants {
  readonly size: number;
  /** How many more there are than are remembered. */
  readonly overflow: number;
  get(nick: string): Occupant | undefined;
  /** Came, or changed. */
  put(here: Here): void;
  remove(nick: string): void;
  clear(): void;
}

export function createOccupants(most: number): Occupants {
  const byNick = new Map<string, Occupant>();
  let overflow = 0;
  return {
    get size() {
      return byNick.size;
    },
    get overflow() {
      return overflow;
    },
    get: (nick) => byNick.get(nick),
    put(here) {
      const nick = detached(here.nick);
      if (byNick.size >= most && !byNick.has(nick)) {
        overflow += 1;
        return;
      }
      byNick.set(nick, {
        nick,
        jid: here.jid === '' ? undefined : detached(bareOf(here.jid)),
        occupantId: here.occupantId === undefined ? undefined : detached(here.occupantId),
      });
    },
    remove(nick) {
      if (!byNick.delete(nick) && overflow > 0) overflow -= 1;
    },
    clear() {
      byNick.clear();
      overflow = 0;
    },
  };
}

/** Free of the delivery that it is a part of: otherwise every one of thousands would keep some of those alive. */
const detached = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le');
