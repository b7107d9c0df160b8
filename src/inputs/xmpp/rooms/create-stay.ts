import type { Session } from '../account.ts';
import type { Room } from '../rooms.ts';
import { createChase, substitute } from './chase.ts';
import { openRoom } from './open-room.ts';
import { createOccupants } from './occupants.ts';
import type { Gone, Here } from './presence.ts';
import { createRetry } from './retry.ts';
import { pingSelf } from './self-ping.ts';
import type { Stay, StayOptions } from './stay.ts';
import { joining, leaving, newId, renaming } from './stanzas.ts';
import { createTraits } from './traits.ts';
import type { Turn } from './turns.ts';
import { type Verdict, verdictOnJoining, verdictOnLeaving } from './verdict.ts';
import { createWatch } from './watch.ts';

type State = 'away' | 'queued' | 'entering' | 'in' | 'waiting' | 'barred';

const notYet = 'not entered yet';

/** Is in no room before it is told of a session. */
export function createStay(options: StayOptions): Stay {
  const { turns, style, log, timing } = options;
  const { jid } = options.wanted;
  const occupants = createOccupants(options.mostOccupants, options.budget);
  let wanted = options.wanted;
  let state: State = 'away';
  let session: Session | undefined;
  let wantedNick = '';
  /** The nick that was asked for, then the one that we have. */
  let nick = '';
  let nicksTaken = 0;
  /** Of the presence that asked to be let in; empty when no answer to it is awaited (any more). */
  let joinId = '';
  let isCrowdTold = false;
  let limit: NodeJS.Timeout | undefined;
  let turn: Turn | undefined;
  /** What kept us out last. */
  let absence = notYet;
  /** Aborts when we are not in the room any more, or the stream is cut. */
  let scope = new AbortController();

  const send = (stanza: Parameters<Session['send']>[0]): Promise<void> =>
    // Where it is not known whether it arrived the session is over, and with the next one everything is done again.
    session === undefined ? Promise.resolve() : session.send(stanza).catch(() => {});

  const traits = createTraits({ jid, session: () => session, trust: options.trust, style, log, timing });
  const watch = createWatch({
    ask: async (signal) =>
      session === undefined ? 'unknown' : pingSelf(session, `${jid}/${nick}`, { timeoutMs: timing.answerMs, signal }),
    onIn: () => traits.learnMissing(scope.signal),
    onOut: () => judge({ kind: 'again', pace: 'soon', why: 'we are not in the room any more' }),
    timing,
  });
  const chase = createChase({
    ask: (id) => void send(renaming(`${jid}/${wantedNick}`, id)),
    isDone: () => nick === wantedNick,
    timing,
  });

  const retry = createRetry({
    jid,
    again() {
      nicksTaken = 0;
      enter();
    },
    log,
    timing,
  });

  const room: Room = {
    jid,
    get nick() {
      return nick;
    },
    get isIdentifying() {
      return traits.isIdentifying;
    },
    occupant(of) {
      const occupant = occupants.get(of);
      return occupant && traits.shown(occupant);
    },
    nickOf(occupantId) {
      for (const each of occupants.all()) if (traits.shown(each).occupantId === occupantId) return each.nick;
      return undefined;
    },
  };

  const tellCrowd = (): void => {
    if (isCrowdTold) return;
    isCrowdTold = true;
    log.warn('there are more people in the room than are remembered: the others may do what needs no permission', {
      room: jid,
      most: options.mostOccupants,
    });
  };

  const rest = (next: State): void => {
    state = next;
    clearTimeout(limit);
    retry.cancel();
    turn?.end();
    turn = undefined;
    scope.abort();
  };

  const enter = (): void => {
    rest('queued');
    joinId = '';
    occupants.clear();
    traits.forget();
    nick = substitute(wantedNick, nicksTaken) ?? wantedNick;
    turn = turns.take(knock);
  };

  const knock = (): void => {
    state = 'entering';
    joinId = newId();
    limit = setTimeout(() => {
      absence = 'the room did not answer';
      again('soon', absence, {});
    }, timing.joinMs);
    void send(joining(`${jid}/${nick}`, joinId, wanted.password, style.presence ?? []));
  };

  const reside = (isUrgent: boolean): void => {
    scope = new AbortController();
    void watch.run(scope.signal, isUrgent);
    if (nicksTaken > 0) void chase.run(scope.signal);
    traits.learnMissing(scope.signal);
  };

  const entered = (isNew: boolean): void => {
    rest('in');
    joinId = '';
    retry.entered();
    log.info('in the room', { room: jid, nick });
    reside(false);
    if (isNew && session !== undefined) void openRoom(session, { jid, log, timing, signal: scope.signal });
  };

  const judge = (verdict: Verdict, said: { reason?: string } = {}): void => {
    if (state === 'in') retry.lost();
    rest('waiting');
    joinId = '';
    occupants.clear();
    absence = verdict.why;
    switch (verdict.kind) {
      case 'again':
        again(verdict.pace, verdict.why, said);
        break;
      case 'nick':
        nicksTaken += 1;
        if (style.nick === undefined && substitute(wantedNick, nicksTaken) !== undefined) enter();
        else {
          nicksTaken = 0;
          again('soon', verdict.why, { ...said, nick: wantedNick });
        }
        break;
      case 'barred':
        state = 'barred';
        log.warn(`${verdict.why}: we stay away until somebody asks us in again`, { room: jid, ...said });
        options.onBarred();
        break;
      case 'moved':
        state = 'barred';
        log.warn(verdict.why, { room: jid, venue: verdict.venue, ...said });
        options.onMoved(verdict.venue);
        break;
      default:
        verdict satisfies never;
    }
  };

  const again = (pace: 'soon' | 'slow', why: string, fields: object): void => {
    rest('waiting');
    retry.later(pace, why, fields);
  };

  const takeSelf = (here: Here): void => {
    nick = here.nick;
    if (nick === wantedNick) nicksTaken = 0;
    traits.self(here);
    if (state !== 'in') entered(here.codes.has('201'));
  };

  const takeGone = (gone: Gone): void => {
    const isSelf = gone.codes.has('110') || (state === 'in' && gone.nick === nick);
    occupants.remove(gone.nick);
    if (!isSelf) {
      if (gone.nick === wantedNick) chase.freed();
      return;
    }
    if (gone.codes.has('303')) {
      if (gone.newNick !== '') nick = gone.newNick;
      return;
    }
    // What says goodbye to a stay before this one has nothing to tell.
    const isDecided = gone.destroyed !== undefined || [...gone.codes].some((code) => code.startsWith('3'));
    if (state === 'in' || (state === 'entering' && isDecided)) {
      const reason = gone.destroyed?.reason ?? gone.reason;
      judge(verdictOnLeaving(gone), reason === '' ? {} : { reason });
    }
  };

  return {
    get wanted() {
      return wanted;
    },
    get absence() {
      return state === 'in' ? undefined : absence;
    },
    get isBarred() {
      return state === 'barred';
    },
    get room() {
      return state === 'in' ? room : undefined;
    },
    online(next, as) {
      session = next;
      wantedNick = as;
      nicksTaken = 0;
      retry.forget();
      if (state !== 'barred') enter();
    },
    reset() {
      session = undefined;
      joinId = '';
      occupants.clear();
      if (state !== 'barred') absence = notYet;
      rest(state === 'barred' ? state : 'away');
    },
    resumed() {
      if (state === 'in') reside(true);
      else if (state !== 'barred' && session !== undefined) enter();
    },
    offline() {
      joinId = '';
      rest(state === 'in' || state === 'barred' ? state : 'away');
    },
    take(presence) {
      // Some rooms tell about themselves, too.
      if (presence.kind !== 'refused' && presence.nick === '') return;
      switch (presence.kind) {
        case 'here':
          // The answer may come after we gave it up.
          if (state !== 'in' && joinId === '') break;
          if (!occupants.put(presence)) tellCrowd();
          if (presence.codes.has('110') || (presence.jid !== '' && presence.jid === session?.jid)) takeSelf(presence);
          break;
        case 'gone':
          takeGone(presence);
          break;
        case 'refused':
          if (chase.refused(presence.id)) break;
          if (joinId !== '' && (presence.id === '' || presence.id === joinId))
            judge(verdictOnJoining(presence), presence.text === '' ? {} : { reason: presence.text });
          break;
        default:
          presence satisfies never;
      }
    },
    notice(codes) {
      if (state === 'in') traits.notice(codes, scope.signal);
    },
    suspect() {
      if (state === 'in') watch.suspect();
    },
    invited(password) {
      if (password !== undefined) wanted = { jid, password };
      if (state === 'in' || state === 'entering' || state === 'queued') return false;
      state = 'away';
      retry.forget();
      nicksTaken = 0;
      if (session !== undefined) enter();
      return true;
    },
    async leave() {
      const wasInside = state === 'in' || state === 'entering';
      rest('barred');
      joinId = '';
      occupants.clear();
      if (wasInside) await send(leaving(`${jid}/${nick}`, style.farewell));
    },
  };
}
