import { createElement as xml, type Element } from '@xmpp/xml';
import { inTime } from '../../async/in-time.ts';
import type { Log } from '../../log/log.ts';
import type { Session } from '../xmpp/account.ts';
import { xmppNames } from './names.ts';
import { createRefresh } from './refresh.ts';
import { type HipchatRoom, readRoom } from './room.ts';
import { bare } from './user.ts';

/** What is known of the server's rooms. */
export interface Lobby {
  online(session: Session, isResumed: boolean): void;
  offline(): void;
  /** Reads an item of the list of rooms. */
  see(item: Element): HipchatRoom | undefined;
  /** Undefined for a room that is not listed. Never rejects. */
  find(jid: string): Promise<HipchatRoom | undefined>;
}

export interface LobbyOptions {
  /** The domain of the rooms. */
  readonly conference: string;
  readonly log: Log;
  /** How often the list is asked for at most. Default 60,000. */
  readonly everyMs?: number | undefined;
  /** How long an answer waits for the list. Default 2,000. */
  readonly patienceMs?: number | undefined;
}

const mostRooms = 20_000;

export function createLobby({ conference, log, everyMs = 60_000, patienceMs = 2_000 }: LobbyOptions): Lobby {
  const rooms = new Map<string, HipchatRoom>();
  const see = (item: Element): HipchatRoom | undefined => {
    const room = readRoom(item);
    if (room !== undefined && (rooms.has(room.jid) || rooms.size < mostRooms)) rooms.set(room.jid, room);
    return room;
  };
  const list = createRefresh({
    what: 'rooms',
    everyMs,
    log,
    async ask(session) {
      const request = xml('iq', { type: 'get', to: conference }, xml('query', { xmlns: xmppNames.items }));
      const answer = await session.ask(request);
      const items = answer.getChild('query', xmppNames.items)?.getChildren('item') ?? [];
      rooms.clear();
      items.forEach(see);
    },
  });
  return {
    online: (session, isResumed) => list.online(session, isResumed),
    offline: () => list.offline(),
    see,
    async find(jid) {
      const key = bare(jid);
      if (!rooms.has(key)) await inTime(list.again(), patienceMs, () => {});
      return rooms.get(key);
    },
  };
}
