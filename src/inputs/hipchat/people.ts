import { createElement as xml, type Element } from '@xmpp/xml';
import { inTime } from '../../async/in-time.ts';
import type { Log } from '../../log/log.ts';
import type { Session } from '../xmpp/account.ts';
import type { Said } from '../xmpp/said.ts';
import { xmppNames } from './names.ts';
import { cardMention } from './profile.ts';
import { createRefresh } from './refresh.ts';
import { bare, readUser, type User } from './user.ts';

/** Who is on the server: the roster, which HipChat fills with everybody, and business cards where it tells no mention names. */
export interface People {
  online(session: Session, isResumed: boolean): void;
  offline(): void;
  /** Takes a change of the roster, which the account has confirmed. False for what is none of its business. */
  take(stanza: Element): boolean;
  /** How somebody is mentioned. Undefined for who is not known by then. Never rejects. */
  mentionOf(said: Pick<Said, 'sender' | 'nick'>): Promise<string | undefined>;
}

export interface PeopleOptions {
  /** Our own bare address: nobody else changes our roster. */
  readonly jid: string;
  readonly log: Log;
  /** How often the roster is asked for at most. Default 60,000. */
  readonly everyMs?: number | undefined;
  /** How long an answer waits for the name of who asked. Default 2,000. */
  readonly patienceMs?: number | undefined;
}

/** A server is free to send more; they are addressed by the name they have in the room. */
const mostUsers = 50_000;
const mostCards = 1_000;

export function createPeople({ jid: own, log, everyMs = 60_000, patienceMs = 2_000 }: PeopleOptions): People {
  let users = new Map<string, User>();
  let session: Session | undefined;
  /** What business cards say, of those the roster has no mention name of. */
  const cards = new Map<string, Promise<string | undefined>>();

  const roster = createRefresh({
    what: 'users',
    everyMs,
    log,
    async ask(from) {
      const answer = await from.ask(xml('iq', { type: 'get' }, xml('query', { xmlns: xmppNames.roster })));
      const items = answer.getChild('query', xmppNames.roster)?.getChildren('item') ?? [];
      const read = items.slice(0, mostUsers).flatMap((item) => readUser(item) ?? []);
      users = new Map(read.map((user) => [user.jid, user]));
    },
  });

  const change = (item: Element): void => {
    const user = readUser(item);
    if (user !== undefined && (users.has(user.jid) || users.size < mostUsers)) users.set(user.jid, user);
    else if (user === undefined) users.delete(bare(String(item.attrs['jid'] ?? '')));
  };

  const find = (sender: string, nick: string): User | undefined => {
    const known = users.get(sender);
    if (known !== undefined) return known;
    const [named, ...others] = [...users.values()].filter(({ name }) => name === nick);
    return others.length === 0 ? named : undefined;
  };

  const card = (jid: string): Promise<string | undefined> => {
    const from = session;
    if (from === undefined || !jid.includes('@') || jid.includes('/')) return Promise.resolve(undefined);
    const asked = cards.get(jid);
    if (asked !== undefined) return asked;
    if (cards.size >= mostCards) cards.clear();
    const asking = cardMention(from, jid).catch((error: unknown) => {
      cards.delete(jid);
      log.debug('HipChat does not tell a business card', { error });
      return undefined;
    });
    cards.set(jid, asking);
    return asking;
  };

  const look = async (sender: string, nick: string): Promise<string | undefined> => {
    let user = find(sender, nick);
    if (user === undefined) {
      await roster.again();
      user = find(sender, nick);
    }
    return user?.mention ?? (await card(user?.jid ?? sender));
  };

  return {
    online(begun, isResumed) {
      session = begun;
      if (!isResumed) cards.clear();
      roster.online(begun, isResumed);
    },
    offline() {
      session = undefined;
      roster.offline();
    },
    take(stanza) {
      const query = stanza.is('iq') && stanza.attrs['type'] === 'set' ? stanza.getChild('query') : undefined;
      if (query?.getNS() !== xmppNames.roster) return false;
      const from: unknown = stanza.attrs['from'];
      // Anybody can send one: only the server speaks of our roster.
      if (typeof from === 'string' && bare(from) !== bare(own)) return false;
      query.getChildren('item').forEach(change);
      return true;
    },
    async mentionOf({ sender, nick }) {
      const known = find(bare(sender), nick)?.mention;
      if (known !== undefined) return known;
      const asked = look(sender.includes('/') ? sender : bare(sender), nick);
      return inTime(asked, patienceMs, () => undefined);
    },
  };
}
