import type { Element } from '@xmpp/xml';
import type { ConfiguredRoom } from '../input.ts';
import type { Session } from './account.ts';

/** The rooms the bot is in, and keeps being in. */
export interface Rooms {
  /** A session has begun, or was resumed. */
  online(session: Session, isResumed: boolean): void;
  offline(): void;
  /** Takes presences, room notices and invitations. False for what is none of its business. */
  take(stanza: Element): boolean;
  /** The room of that bare address; undefined where we are not in it. */
  find(jid: string): Room | undefined;
  /** Joins a room and keeps it; leaving forgets it. */
  join(jid: string): void;
  leave(jid: string): void;
  readonly all: readonly Room[];
  /** Bare addresses of the rooms we are in, or on our way into. */
  readonly wanted: readonly string[];
  /** Those of the configuration. */
  readonly configured: readonly ConfiguredRoom[];
  /** Leaves all rooms with a word. */
  close(): Promise<void>;
}

/** A room we are in. */
export interface Room {
  /** `room@conference.domain`. */
  readonly jid: string;
  /** What we are called there. */
  readonly nick: string;
  /** False where nobody can know who is who: then only commands that need no permission may run there. */
  readonly isIdentifying: boolean;
  /** Who has this nick at the moment; undefined for nobody. */
  occupant(nick: string): Occupant | undefined;
  /** What somebody is called there now, by their occupant id. */
  nickOf(occupantId: string): string | undefined;
}

export interface Occupant {
  readonly nick: string;
  /** Bare, where the room tells it. */
  readonly jid: string | undefined;
  /** XEP-0421: the same for the same person in this room, whatever their nick. */
  readonly occupantId: string | undefined;
}
