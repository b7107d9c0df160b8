import type { Log } from '../../../log/log.ts';
import type { RoomStyle } from '../dialect.ts';
import type { Inviters } from './invitation.ts';
import type { Keep } from './kept.ts';
import type { Timing } from './timing.ts';

export interface RoomsOptions {
  /** What we are called in rooms. */
  readonly nick: string;
  /** `room@conference.domain`, or `room` alone where `conference` is given; a password follows after `?`. */
  readonly rooms: readonly string[];
  /** The domain of the conference service. */
  readonly conference?: string | undefined;
  /** Be in every room that the conference service lists, now and later. Default false. */
  readonly all?: boolean | undefined;
  /** Remembers the rooms that we were asked into. Without it they are forgotten at the end. */
  readonly keep?: Keep | undefined;
  /** Default: people of our own domain, and rooms of our own server. */
  readonly invitations?: Inviters | undefined;
  readonly style?: RoomStyle | undefined;
  /** How many rooms to be in at most; further ones are not joined. Default 1,000. */
  readonly mostRooms?: number | undefined;
  /** How many are known in one room at most, and ten times as many in all rooms; who is not known may run only what needs no permission. Default 10,000. */
  readonly mostOccupants?: number | undefined;
  readonly log?: Log | undefined;
  readonly timing?: Partial<Timing> | undefined;
}
