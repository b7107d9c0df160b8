import type { Occupant } from '../rooms.ts';
import { bareOf } from './address.ts';
import type { Budget } from './budget.ts';
import type { Here } from './presence.ts';

/** Who is in a room, by the exact nick. */
export interface Occupants {
  get(nick: string): Occupant | undefined;
  all(): Iterable<Occupant>;
  /** Came, or changed. False where there are too many already: who is beyond them is nobody. */
  put(here: Here): boolean;
  remove(nick: string): void;
  clear(): void;
}

/** What one part of an address may have at most, and what an id has at most that we compare. */
const longest = 1_023;

export function createOccupants(most: number, budget: Budget): Occupants {
  const byNick = new Map<string, Occupant>();
  const hasSeat = (nick: string): boolean => byNick.has(nick) || (byNick.size < most && budget.take());
  return {
    get: (nick) => byNick.get(nick),
    all: () => byNick.values(),
    put({ nick, jid, occupantId }) {
      // No server that keeps to the rules has such a nick.
      if (nick.length > longest) return true;
      if (!hasSeat(nick)) return false;
      const name = detached(nick);
      byNick.set(name, {
        nick: name,
        jid: jid === '' || jid.length > 3 * longest ? undefined : detached(bareOf(jid)),
        occupantId: occupantId === undefined || occupantId.length > longest ? undefined : detached(occupantId),
      });
      return true;
    },
    remove(nick) {
      if (byNick.delete(nick)) budget.giveBack(1);
    },
    clear() {
      budget.giveBack(byNick.size);
      byNick.clear();
    },
  };
}

/** Free of the delivery that it is a part of: otherwise every one of thousands would keep some of those alive. */
const detached = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le');
