import type { Element } from '@xmpp/xml';
import type { Session } from './account.ts';

/** How a kind of server wants its rooms to be used, where it differs. */
export interface RoomStyle {
  /** Added to each presence that joins, such as capabilities. */
  readonly presence?: readonly Element[];
  /**
   * What we must be called in rooms: no other nick is tried. Asked when a session begins, before the first join; rejects with an `XmppError`
   * when it can't be known, and is asked again then.
   */
  readonly nick?: (session: Session) => Promise<string>;
  /** Reads an invitation that only such servers send; undefined for what is none. */
  readonly invitation?: (stanza: Element) => Invitation | undefined;
  /** True for an item of `disco#items` that is worth joining. */
  readonly isWanted?: (item: Element) => boolean;
  /** The status with which rooms are left. */
  readonly farewell?: string;
}

export interface Invitation {
  /** Bare address. */
  readonly room: string;
  /** Who invites: a bare address; empty where it is not told. */
  readonly from: string;
}
