import type { Element } from '@xmpp/xml';
import type { Authorize } from './account/authorize.ts';
import type { Session } from './account.ts';
import type { Said } from './said.ts';
import type { SpeechSettings, Talk } from './say/speech.ts';

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
  /** Rooms show everybody's address, also those that don't say that they do. Who has none is still not known. Default false. */
  readonly showsAddresses?: boolean;
  /** The status with which rooms are left. */
  readonly farewell?: string;
}

export interface Invitation {
  /** Bare address. */
  readonly room: string;
  /** Who invites: a bare address; empty where it is not told. */
  readonly from: string;
}

/** In what a kind of server differs from XMPP. Everything is optional. */
export interface Dialect {
  readonly authorize?: Authorize;
  /** The resource we ask for. Default: one of our own making. */
  readonly resource?: string;
  readonly style?: RoomStyle;
  readonly speech?: SpeechSettings;
  /** What we tell everybody when a session begins. Default: that we are there. */
  presence?(): Element;
  /** To be told what an account tells its guest. */
  online?(session: Session, isResumed: boolean): void;
  offline?(): void;
  /** True for what was its business. */
  take?(stanza: Element): boolean;
  /** Reads more in what was said, such as another way to call us. */
  hear?(said: Said): Said;
  /** Answers in its own way; `open` begins an answer over XMPP. */
  talk?(said: Said, open: (said: Said) => Talk): Talk;
  /** Gives up what is still on its way. */
  close?(): void;
}
