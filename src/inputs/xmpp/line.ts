import { createElement, type Element } from '@xmpp/xml';
import type { Once } from '../../async/once.ts';
import type { Taken } from '../../async/taken.ts';
import type { Log } from '../../log/log.ts';
import type { InputOutage, Message } from '../input.ts';
import type { Rooms } from './rooms.ts';
import { createAccount } from './account/create.ts';
import type { AccountOptions } from './account/options.ts';
import type { Guest, Session } from './account.ts';
import type { Dialect } from './dialect.ts';
import { XmppMessage } from './message.ts';
import { readEncrypted } from './read/encrypted.ts';
import { readMessage } from './read/message.ts';
import type { Own } from './read/own.ts';
import type { RoomsOptions } from './rooms/options.ts';
import { createRooms } from './rooms/rooms.ts';
import type { Said } from './said.ts';
import { createSpeech, type Talk } from './say/speech.ts';

export interface LineOptions {
  readonly account: Omit<AccountOptions, 'log' | 'authorize'>;
  readonly rooms: Omit<RoomsOptions, 'log' | 'style'>;
  /** What people call the bot. */
  readonly name: string;
  readonly dialect: Dialect;
  /** Shared by all accounts: two of them may be in one room. */
  readonly once: Once;
  /** What earlier processes took, of all accounts. */
  readonly taken: Taken | undefined;
  readonly log: Log;
}

/** Takes what was said. */
type Hear = (message: Message, said: Said) => void;

/** One account with its rooms, what is said to it and what it says. */
export interface Line {
  /** `user@domain`. */
  readonly jid: string;
  readonly rooms: Pick<Rooms, 'find' | 'wanted' | 'configured'>;
  readonly outage: InputOutage | undefined;
  /**
   * Logs in, and stays so until it is closed: what runs is still to be answered after nobody listens any more. Rejects as `Account.run`
   * does. May be called again then.
   */
  run(hear: Hear): Promise<void>;
  /** Begins an answer, or something that nobody asked for. */
  talk(said: Said): Talk;
  /** Says what is still to be said, until `signal` aborts, and leaves. */
  close(signal: AbortSignal): Promise<void>;
}

/** Throws an `InputError` (`config`). */
export function openLine({ account: about, rooms: wanted, name, dialect, once, taken, log }: LineOptions): Line {
  const account = createAccount({
    ...about,
    resource: dialect.resource,
    log,
    ...(dialect.authorize === undefined ? {} : { authorize: dialect.authorize }),
  });
  const rooms = createRooms({ ...wanted, log, ...(dialect.style === undefined ? {} : { style: dialect.style }) });
  const living = new AbortController();
  let running: Promise<void> | undefined;
  let session: Session | undefined;
  let own: Own | undefined;
  const upload = { ca: about.ca, allowsPlain: about.mode === 'plain' };
  const speech = createSpeech({ session: () => session, rooms, options: { upload, ...dialect.speech }, log });

  const talk = (said: Said): Talk => {
    const open = (each: Said): Talk => speech.talk(each);
    return dialect.talk?.(said, open) ?? open(said);
  };

  const receive = (stanza: Element, hear: Hear): void => {
    if (dialect.take?.(stanza) === true || rooms.take(stanza) || own === undefined) return;
    if (stanza.attrs['type'] === 'error' && speech.returned(stanza)) return;
    const sealed = readEncrypted(stanza, own);
    if (sealed !== undefined) speech.cannotRead(sealed);
    const read = readMessage(stanza, own);
    if (read === undefined) return;
    const said = dialect.hear?.(read) ?? read;
    // Another account in the same room hears it as well, and may be the one that is called.
    const keys = said.addressed ? said.keys.map((key) => `${account.jid} ${key}`) : said.keys;
    if (!once.take(keys)) {
      log.debug('a copy of an XMPP message was left out', { account: account.jid, from: said.to });
      return;
    }
    hear(new XmppMessage(said, talk(said), taken && (() => taken.keep(keys))), said);
  };

  return {
    jid: account.jid,
    rooms,
    talk,
    get outage() {
      return account.outage;
    },
    async run(hear) {
      const guest: Guest = {
        online(live, isResumed) {
          session = live;
          // What was said while the stream was cut is news, and not of the past.
          const since = isResumed ? own?.since : undefined;
          own = { jid: live.jid, bare: account.jid, name, rooms, since: since ?? Date.now() };
          dialect.online?.(live, isResumed);
          rooms.online(live, isResumed);
          if (isResumed) return;
          log.info('listening on XMPP', { account: account.jid });
          live.send(dialect.presence?.() ?? createElement('presence')).catch((error: unknown) => {
            log.debug('a presence was not sent', { account: account.jid, error });
          });
        },
        offline() {
          session = undefined;
          dialect.offline?.();
          rooms.offline();
        },
        stanza: (stanza) => receive(stanza, hear),
      };
      running = account.run(guest, living.signal);
      await running;
    },
    async close(signal) {
      await speech.close(signal);
      dialect.close?.();
      await rooms.close();
      living.abort();
      await running?.catch(() => {});
    },
  };
}
