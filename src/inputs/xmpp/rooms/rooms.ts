import type { Element } from '@xmpp/xml';
import { sleep } from '../../../async/sleep.ts';
import { silent } from '../../../log/log.ts';
import { InputError } from '../../input.ts';
import type { Session } from '../account.ts';
import type { Rooms } from '../rooms.ts';
import { attribute } from './attribute.ts';
import { bareOf, domainOf, isRoomAddress, readWanted, resourceOf, type Wanted } from './address.ts';
import { createBudget } from './budget.ts';
import { createStay } from './create-stay.ts';
import { type Asked, mayInvite, readInvitation } from './invitation.ts';
import { createKept } from './kept.ts';
import { followList } from './list.ts';
import { namespaces } from './namespaces.ts';
import type { RoomsOptions } from './options.ts';
import { noticeCodes, readError, readPresence } from './presence.ts';
import { createRefusals } from './refusals.ts';
import type { Stay } from './stay.ts';
import { defaultTiming, delayOf, type Timing } from './timing.ts';
import { type Trust, trustIn } from './trust.ts';
import { createTurns } from './turns.ts';

/** How many rooms are entered at the same time: servers slow down who wants everything at once. */
const mostAtOnce = 16;

/** The rooms of one account. Throws an `InputError` `config` for what is not the address of a room. */
export function createRooms(options: RoomsOptions): Rooms {
  const { keep, invitations, style = {}, mostRooms = 1_000, mostOccupants = 10_000, log = silent } = options;
  const timing: Timing = { ...defaultTiming, ...options.timing };
  const conference = options.conference === undefined ? undefined : domainOf(options.conference);
  const configured = readConfigured(options);
  const stays = new Map<string, Stay>();
  /** Where we are not wanted, or were told to leave: a list that has them does not bring us back. */
  const left = new Set<string>();
  const kept = createKept(keep, log);
  const turns = createTurns(mostAtOnce);
  const budget = createBudget(mostOccupants * 10);
  const refusals = createRefusals(log);
  let session: Session | undefined;
  let nick: string | undefined;
  let term = new AbortController();
  let isClosed = false;
  let isFull = false;

  const ownDomain = (): string => (session === undefined ? '' : domainOf(session.jid));

  const trust = (room: string): Trust => trustIn(room, { configured, conference, ownDomain: ownDomain() });

  const isTrusted = (room: string): boolean => trust(room) !== 'none';

  /** Who is asked into thousands of rooms and kicked out of all of them can still be asked into the next one. */
  const forgetBarred = (): void => {
    for (const [jid, stay] of stays) {
      if (!stay.isBarred || configured.has(jid)) continue;
      stays.delete(jid);
      left.add(jid);
    }
  };

  const open = (wanted: Wanted): Stay | undefined => {
    const known = stays.get(wanted.jid);
    if (known !== undefined) return known;
    if (stays.size >= mostRooms) forgetBarred();
    if (stays.size >= mostRooms) {
      if (!isFull) log.warn('there are more rooms than we can be in', { room: wanted.jid, most: mostRooms });
      isFull = true;
      return undefined;
    }
    const stay = createStay({
      wanted,
      trust: () => trust(wanted.jid),
      turns,
      style,
      mostOccupants,
      budget,
      log,
      timing,
      onBarred: () => kept.remove(wanted.jid),
      onMoved: (venue) => move(wanted.jid, venue),
    });
    stays.set(wanted.jid, stay);
    if (session !== undefined && nick !== undefined) stay.online(session, nick);
    return stay;
  };

  const move = (from: string, venue: string): void => {
    kept.remove(from);
    if (!isRoomAddress(venue) || venue === from || domainOf(venue) !== (conference ?? domainOf(from))) {
      log.warn('the new venue of the room is not on our conference service: we do not follow', { room: from, venue });
      return;
    }
    if (stays.get(venue)?.isBarred === true) {
      log.warn('the new venue of the room does not want us: we do not follow', { room: from, venue });
      return;
    }
    enter({ jid: venue, password: undefined });
  };

  /** Somebody who may wants us in that room. */
  const enter = (wanted: Wanted): void => {
    left.delete(wanted.jid);
    const known = stays.get(wanted.jid);
    const stay = known ?? open(wanted);
    if (stay === undefined) return;
    if (known !== undefined) known.invited(wanted.password);
    if (!configured.has(wanted.jid)) kept.add(stay.wanted);
  };

  const consider = (asked: Asked): void => {
    const { room, from } = asked;
    if (!mayInvite(invitations, asked, { ownDomain: ownDomain(), isTrusted })) {
      refusals.tell({ room, from });
      return;
    }
    const known = stays.get(room);
    if (known?.room !== undefined || (asked.isOld && known !== undefined)) return;
    log.info('invited into a room', { room, from });
    // Who invites does not know better than the configuration.
    enter({ jid: room, password: configured.get(room)?.password ?? asked.password });
  };

  const begin = async (begun: Session, signal: AbortSignal): Promise<void> => {
    const found = await kept.load();
    if (signal.aborted) return;
    for (const wanted of found) open(wanted);
    if (options.all === true && conference !== undefined)
      await followList(begun, { service: conference, onItem: openListed, log, timing, signal });
  };

  const openListed = (item: Element): void => {
    const jid = bareOf(attribute(item, 'jid'));
    if (!isRoomAddress(jid) || domainOf(jid) !== conference || left.has(jid)) return;
    if (style.isWanted?.(item) ?? true) open({ jid, password: undefined });
  };

  const nameOurselves = async (asked: Session, signal: AbortSignal): Promise<string | undefined> => {
    if (style.nick === undefined) return options.nick;
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        return await style.nick(asked);
      } catch (error) {
        if (signal.aborted) break;
        if (failures === 0) log.warn('the server does not tell what we are called: it is asked again', { error });
        await sleep(delayOf(failures, 'soon', timing), signal);
      }
    }
    return undefined;
  };

  const start = async (begun: Session, signal: AbortSignal): Promise<void> => {
    const name = await nameOurselves(begun, signal);
    if (name === undefined || signal.aborted) return;
    nick = name;
    for (const stay of stays.values()) stay.online(begun, name);
    await begin(begun, signal);
  };

  const takeMessage = (stanza: Element): boolean => {
    const from = attribute(stanza, 'from');
    const stay = stays.get(bareOf(from));
    switch (attribute(stanza, 'type')) {
      case 'error':
        if (stay !== undefined && readError(stanza).condition === 'not-acceptable') stay.suspect();
        return false;
      case 'groupchat': {
        if (stay === undefined) return false;
        const isNotice = stanza.getChild('x', namespaces.user) !== undefined && resourceOf(from) === '';
        if (isNotice) stay.notice(noticeCodes(stanza));
        return stanza.getChild('body') === undefined && (isNotice || stanza.getChild('subject') !== undefined);
      }
      default: {
        const addressOf = (jid: string): string | undefined => {
          const room = stays.get(bareOf(jid))?.room;
          return room === undefined ? undefined : (room.occupant(resourceOf(jid))?.jid ?? '');
        };
        const asked = readInvitation(stanza, { style, isTrusted, addressOf });
        if (asked === undefined) return false;
        consider(asked);
        return true;
      }
    }
  };

  const takePresence = (stanza: Element): boolean => {
    const from = attribute(stanza, 'from');
    const stay = stays.get(bareOf(from));
    const presence = stay && readPresence(stanza);
    if (stay === undefined || presence === undefined) return false;
    stay.take(presence);
    return true;
  };

  for (const wanted of configured.values()) open(wanted);

  return {
    online(next, isResumed) {
      if (isClosed) return;
      session = next;
      if (isResumed) {
        for (const stay of stays.values()) stay.resumed();
        return;
      }
      nick = undefined;
      for (const stay of stays.values()) stay.reset();
      term.abort();
      term = new AbortController();
      void start(next, term.signal);
    },
    offline() {
      for (const stay of stays.values()) stay.offline();
    },
    take(stanza) {
      if (isClosed) return false;
      if (stanza.is('presence')) return takePresence(stanza);
      return stanza.is('message') && takeMessage(stanza);
    },
    find: (jid) => stays.get(bareOf(jid))?.room,
    join(jid) {
      const wanted = readWanted(jid, conference);
      if (wanted === undefined || isClosed) log.warn('that is not the address of a room', { room: jid });
      else enter(wanted);
    },
    leave(jid) {
      const room = readWanted(jid, conference)?.jid ?? '';
      left.add(room);
      kept.remove(room);
      void stays.get(room)?.leave();
      stays.delete(room);
    },
    get all() {
      return [...stays.values()].map(({ room }) => room).filter((room) => room !== undefined);
    },
    get wanted() {
      return [...stays].flatMap(([jid, { isBarred }]) => (isBarred ? [] : [jid]));
    },
    get configured() {
      return [...configured.keys()].map((room) => {
        const stay = stays.get(room);
        return {
          room,
          absence: stay === undefined ? 'it is not there any more, or we were told to leave' : stay.absence,
        };
      });
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      term.abort();
      const limit = new AbortController();
      const farewells = [...stays.values()].map((stay) => stay.leave());
      await Promise.race([Promise.all(farewells), sleep(timing.closeMs, limit.signal)]);
      limit.abort();
    },
  };
}

function readConfigured({ rooms, conference, all }: RoomsOptions): ReadonlyMap<string, Wanted> {
  if (all === true && conference === undefined)
    throw new InputError('config', 'to be in all rooms the conference service has to be named');
  return new Map(
    rooms.map((text) => {
      const wanted = readWanted(text, conference);
      if (wanted === undefined)
        throw new InputError('config', `not the address of a room: ${text.split('?', 1)[0] ?? ''}`);
      return [wanted.jid, wanted];
    }),
  );
}
