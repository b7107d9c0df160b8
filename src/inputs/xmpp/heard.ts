import { bareOf } from './read/address.ts';
import type { Said } from './said.ts';

/** Who spoke to which of our accounts, and who it was that had a nick when they spoke to us alone. */
export interface Heard {
  add(account: string, said: Said): void;
  /** The account that heard this address last. */
  by(jid: string): string | undefined;
  /** Who spoke as `room/nick`; undefined where nobody did, or nobody knows who that was. */
  as(nick: string): string | undefined;
}

const most = 10_000;

export function createHeard(): Heard {
  const accounts = new Map<string, string>();
  const people = new Map<string, string>();
  return {
    add(account, { kind, to, sender, isKnown }) {
      if (kind === 'chat') keep(accounts, bareOf(to), account);
      if (kind !== 'private') return;
      if (isKnown) keep(people, to, sender);
      else people.delete(to);
    },
    by: (jid) => accounts.get(bareOf(jid)),
    as: (nick) => people.get(nick),
  };
}

function keep(map: Map<string, string>, key: string, value: string): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}
