import element, { type Element } from '@xmpp/xml';
import { onTestFinished } from 'vitest';
import type { Session } from '../../../../src/inputs/xmpp/account.ts';
import { createAccount } from '../../../../src/inputs/xmpp/account/create.ts';
import type { RoomsOptions } from '../../../../src/inputs/xmpp/rooms/options.ts';
import { createRooms } from '../../../../src/inputs/xmpp/rooms/rooms.ts';
import type { Room, Rooms } from '../../../../src/inputs/xmpp/rooms.ts';
import { unique } from '../../../support/name.ts';
import { until } from '../../../support/until.ts';
import type { User, XmppServer } from '../../../support/xmpp/server.ts';
import { type MemoryLog, memoryLog } from './memory-log.ts';

/** An account in its rooms on a real server; ends with the test. */
export interface Live {
  readonly user: User;
  readonly rooms: Rooms;
  readonly log: MemoryLog;
  /** What came that is no business of the rooms. */
  readonly others: readonly Element[];
  readonly sessions: readonly Session[];
  readonly session: Session;
  /** What does not reach the rooms. Default: nothing. */
  misses: (stanza: Element) => boolean;
  /** Waits until we are in the room (and are called so). */
  inside(jid: string, nick?: string): Promise<Room>;
  /** Ends the account without leaving the rooms. */
  stop(): Promise<void>;
}

/** So that tests are over soon. */
export const quick: RoomsOptions['timing'] = {
  minDelayMs: 20,
  maxDelayMs: 200,
  slowMinDelayMs: 50,
  slowMaxDelayMs: 200,
  nickMs: 200,
  nickGapMs: 50,
  listMs: 100,
};

const accountTiming = { pingMs: 300, silenceMs: 6_000, askMs: 5, minDelayMs: 20, maxDelayMs: 200, slowDelayMs: 400 };

export async function live(server: XmppServer, options: Partial<RoomsOptions> = {}, as?: User): Promise<Live> {
  const user = as ?? (await server.addUser(unique('bot')));
  const log = memoryLog();
  const rooms = createRooms({
    nick: 'micro',
    rooms: [],
    conference: server.conference,
    log,
    ...options,
    timing: { ...quick, ...options.timing },
  });
  const account = createAccount({
    jid: user.jid,
    password: user.password,
    server: `${server.host}:${server.port}`,
    ca: server.ca,
    log,
    timing: accountTiming,
  });
  const others: Element[] = [];
  const sessions: Session[] = [];
  const stop = new AbortController();
  const end = async (): Promise<void> => {
    stop.abort();
    await ended;
  };
  const it: Live = {
    user,
    misses: () => false,
    rooms,
    log,
    others,
    sessions,
    get session() {
      const last = sessions.at(-1);
      if (last === undefined) throw new Error('it never logged in');
      return last;
    },
    inside: (jid, nick) =>
      until(() => {
        const room = rooms.find(jid);
        return room !== undefined && (nick === undefined || room.nick === nick) && room;
      }),
    stop: end,
  };
  const ended = account.run(
    {
      online(session, isResumed) {
        if (!isResumed) {
          sessions.push(session);
          void session.send(element('presence')).catch(() => {});
        }
        rooms.online(session, isResumed);
      },
      offline: () => rooms.offline(),
      stanza(stanza) {
        if (!it.misses(stanza) && !rooms.take(stanza)) others.push(stanza);
      },
    },
    stop.signal,
  );
  ended.catch(() => {});
  onTestFinished(async () => {
    await rooms.close();
    await end();
  });
  await Promise.race([ended, until(() => sessions.length > 0, 15_000)]);
  return it;
}
