import type { Element } from '@xmpp/xml';
import type { Session } from './account.ts';

/** A stream that waits for its login: encrypted, unless plain text was asked for. */
export interface Unauthorized {
  /** The domain that was asked for. */
  readonly domain: string;
  /** The stream's own id, as the server gave it in the header; empty where it gave none. */
  readonly id: string;
  readonly isEncrypted: boolean;
  /** What the server offers. */
  readonly features: Element;
  /** Sends an element and resolves with the next one that comes. Rejects with an `XmppError` (`unavailable`) when the stream ends or nothing comes in time. */
  exchange(element: Element): Promise<Element>;
}

export type Authorized =
  /** Nothing was done: the account logs in as XMPP does. */
  | { readonly kind: 'none' }
  /** The stream begins anew now, and a resource is bound. */
  | { readonly kind: 'restart' }
  /** Logged in with a resource already: the full address. */
  | { readonly kind: 'bound'; readonly jid: string };

/**
 * Logs in by a way of its own. Is asked before anything of SASL is done. Rejects with an `XmppError` `refused` when the server does not
 * take the credentials (`not-authorized`).
 */
export type Authorize = (stream: Unauthorized) => Promise<Authorized>;

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
