import type { Log } from '../../../log/log.ts';
import type { Session } from '../account.ts';
import type { RoomStyle } from '../dialect.ts';
import type { Room } from '../rooms.ts';
import type { Wanted } from './address.ts';
import type { Budget } from './budget.ts';
import type { RoomPresence } from './presence.ts';
import type { Timing } from './timing.ts';
import type { Trust } from './trust.ts';
import type { Turns } from './turns.ts';

/** One room that we want to be in, and all it takes to be in it. */
export interface Stay {
  readonly wanted: Wanted;
  /** Somebody does not want us there. */
  readonly isBarred: boolean;
  /** Why we are not in it; undefined while we are. */
  readonly absence: string | undefined;
  /** Undefined while we are not in it. */
  readonly room: Room | undefined;
  /** A new session: nothing of the last one is true any more. */
  online(session: Session, nick: string): void;
  /** The last session is over. */
  reset(): void;
  /** The session goes on where it was cut. */
  resumed(): void;
  offline(): void;
  take(presence: RoomPresence): void;
  /** The room told everybody that something about it changed. */
  notice(codes: ReadonlySet<string>): void;
  /** It looks as if we were not in it any more. */
  suspect(): void;
  /** Somebody who may says that we are to be in it, whatever happened before. True if we were not. */
  invited(password: string | undefined): boolean;
  /** Resolves when the server has our goodbye; never rejects. */
  leave(): Promise<void>;
}

export interface StayOptions {
  readonly wanted: Wanted;
  readonly trust: () => Trust;
  readonly turns: Turns;
  readonly style: RoomStyle;
  readonly mostOccupants: number;
  /** Of occupants, for all rooms together. */
  readonly budget: Budget;
  readonly log: Log;
  readonly timing: Timing;
  /** Somebody does not want us there: that is not to be tried again. */
  readonly onBarred: () => void;
  readonly onMoved: (venue: string) => void;
}
