import type { Log } from '../../../log/log.ts';
import type { Session } from '../account.ts';
import type { RoomStyle } from '../dialect.ts';
import type { Occupant } from '../rooms.ts';
import { askFeatures } from './disco.ts';
import type { Here } from './presence.ts';
import type { Timing } from './timing.ts';
import type { Trust } from './trust.ts';

/** What is known about a room, and about how well people can be told apart in it. */
export interface Traits {
  readonly isIdentifying: boolean;
  /** Without what can't be believed of them. */
  shown(occupant: Occupant): Occupant;
  /** The room told us about ourselves. */
  self(here: Here): void;
  /** Something changed. */
  notice(codes: ReadonlySet<string>, signal: AbortSignal): void;
  /** Asks the room, if it was not asked with success yet. */
  learnMissing(signal: AbortSignal): void;
  forget(): void;
}

export interface TraitsOptions {
  readonly jid: string;
  readonly session: () => Session | undefined;
  readonly trust: () => Trust;
  /** Rooms there show addresses without a word about it. */
  readonly style: Pick<RoomStyle, 'showsAddresses'>;
  readonly log: Log;
  readonly timing: Timing;
}

export function createTraits({ jid, session, trust, style, log, timing }: TraitsOptions): Traits {
  let showsAddresses = false;
  let isModerator = false;
  let isRoom = false;
  let hasOccupantIds = false;
  let isLearned = false;
  let isLearning = false;
  let isStale = false;
  /** Of the last who wanted to know: what was asked for an earlier stay is not true of this one. */
  let newest: AbortSignal | undefined;

  const learn = async (signal: AbortSignal): Promise<void> => {
    newest = signal;
    isStale = true;
    if (isLearning) return;
    isLearning = true;
    while (isStale) {
      isStale = false;
      const own: AbortSignal = newest;
      const asked = session();
      if (asked === undefined || own.aborted) continue;
      try {
        const features = await askFeatures(asked, jid, { timeoutMs: timing.answerMs, signal: own });
        if (own.aborted) continue;
        ({ isRoom, showsAddresses, hasOccupantIds } = features);
        isLearned = true;
      } catch (error) {
        if (!own.aborted) log.debug('the room does not say what it is', { room: jid, error });
      }
    }
    isLearning = false;
  };

  const isBelieved = (): boolean => {
    const level = trust();
    return level === 'whole' || (level === 'as-a-room' && isRoom);
  };

  return {
    get isIdentifying() {
      return hasOccupantIds || (isBelieved() && (style.showsAddresses === true || showsAddresses || isModerator));
    },
    shown({ nick, jid: address, occupantId }) {
      return {
        nick,
        jid: isBelieved() ? address : undefined,
        occupantId: hasOccupantIds ? occupantId : undefined,
      };
    },
    self({ codes, role }) {
      if (codes.has('100')) showsAddresses = true;
      // Where only moderators see addresses, we do while we are one.
      isModerator = role === 'moderator';
    },
    notice(codes, signal) {
      if (codes.has('172')) showsAddresses = true;
      if (codes.has('173') || codes.has('174')) showsAddresses = false;
      if (['104', '172', '173', '174'].some((code) => codes.has(code))) void learn(signal);
    },
    learnMissing(signal) {
      if (!isLearned) void learn(signal);
    },
    forget() {
      showsAddresses = false;
      isModerator = false;
      isRoom = false;
      hasOccupantIds = false;
      isLearned = false;
    },
  };
}
