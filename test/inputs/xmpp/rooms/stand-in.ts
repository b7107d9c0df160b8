import element, { type Element, Parser } from '@xmpp/xml';
import { onTestFinished } from 'vitest';
import { type Session, XmppError } from '../../../../src/inputs/xmpp/account.ts';
import type { RoomsOptions } from '../../../../src/inputs/xmpp/rooms/options.ts';
import { createRooms } from '../../../../src/inputs/xmpp/rooms/rooms.ts';
import type { Rooms } from '../../../../src/inputs/xmpp/rooms.ts';
import { memoryLog, type MemoryLog } from './memory-log.ts';

/** Rooms on a stream whose other end is played by the test: for what real servers do too seldom, too slowly, or never. */
export interface StandIn {
  readonly rooms: Rooms;
  readonly log: MemoryLog;
  /** What was sent so far; requests are in `asked`. */
  readonly sent: readonly Element[];
  readonly asked: readonly Element[];
  /** Something comes from the server; true if the rooms took it. */
  readonly deliver: (xml: string) => boolean;
  /** How a request is answered: an `iq`, a condition to refuse it with, or nothing at all. Default: nothing. */
  answer: (request: Element) => string | undefined;
  /** Logs in anew. */
  readonly login: (jid?: string) => Changeable<Session>;
}

type Changeable<T> = { -readonly [Key in keyof T]: T[Key] };

export function standIn(options: Partial<RoomsOptions> = {}): StandIn {
  const log = memoryLog();
  const rooms = createRooms({ nick: 'micro', rooms: [], log, ...options });
  // They would go on looking for rooms, beside all tests that follow.
  onTestFinished(() => rooms.close());
  const sent: Element[] = [];
  const asked: Element[] = [];
  const it: StandIn = {
    rooms,
    log,
    sent,
    asked,
    deliver: (xml) => rooms.take(parse(xml)),
    answer: () => undefined,
    login(jid = 'bot@chat.test/here') {
      const session: Session = {
        jid,
        maxStanzaBytes: 10_000,
        send(stanza) {
          sent.push(stanza);
          return Promise.resolve();
        },
        ask(request, { signal } = {}) {
          asked.push(request);
          const given = it.answer(request);
          if (given?.startsWith('<') === true) return Promise.resolve(parse(given));
          if (given !== undefined) return Promise.reject(new XmppError('refused', given, `refused: ${given}`));
          return new Promise((_, reject) => {
            const fail = (): void => reject(new XmppError('unavailable', '', 'no answer'));
            signal?.addEventListener('abort', fail, { once: true });
          });
        },
      };
      rooms.online(session, false);
      return session;
    },
  };
  return it;
}

export function parse(xml: string): Element {
  let found: Element | undefined;
  const parser = new Parser();
  parser.on('element', (stanza: Element) => {
    found = stanza;
  });
  parser.write(`<stream xmlns='jabber:client'>${xml}`);
  if (found === undefined) throw new Error(`not an element: ${xml}`);
  return found;
}

const user = 'http://jabber.org/protocol/muc#user';

export interface SaidOfThem {
  /** Full. */
  readonly jid?: string;
  readonly role?: string;
  readonly codes?: readonly number[];
  readonly occupantId?: string;
  /** With 303. */
  readonly newNick?: string;
  readonly type?: string;
}

/** What a room says about one in it. */
export function presence(from: string, { jid, role, codes = [], occupantId, newNick, type }: SaidOfThem = {}): string {
  const item = element('item', { affiliation: 'none', role: role ?? 'participant' });
  if (jid !== undefined) item.attrs['jid'] = jid;
  if (newNick !== undefined) item.attrs['nick'] = newNick;
  const x = element('x', { xmlns: user }, item, ...codes.map((code) => element('status', { code: String(code) })));
  const stanza = element('presence', { from }, x);
  if (type !== undefined) stanza.attrs['type'] = type;
  if (occupantId !== undefined)
    stanza.append(element('occupant-id', { xmlns: 'urn:xmpp:occupant-id:0', id: occupantId }));
  return stanza.toString();
}

/** A room's answer to what it is. */
export const features = (...names: readonly string[]): string => {
  const query = element('query', { xmlns: 'http://jabber.org/protocol/disco#info' });
  query.append(element('identity', { category: 'conference', type: 'text' }));
  for (const name of names) query.append(element('feature', { var: name }));
  return element('iq', { type: 'result' }, query).toString();
};

/** A presence that was not taken. */
export const refusal = (from: string, id: string, condition: string): string =>
  element(
    'presence',
    { from, id, type: 'error' },
    element('error', { type: 'cancel' }, element(condition, { xmlns: 'urn:ietf:params:xml:ns:xmpp-stanzas' })),
  ).toString();
