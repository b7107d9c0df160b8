import type { Element } from '@xmpp/xml';

/** A stream that is open and not logged in yet, for a way to log in that is not XMPP's own. */
export interface LoginStream {
  /** What the server announced. */
  readonly features: Element;
  /** Under TLS. Without it nothing may be sent that gives the password away, unless `allowsPlain`. */
  readonly isSecure: boolean;
  /** The operator asked for a stream without TLS. */
  readonly allowsPlain: boolean;
  /** The attribute `id` of the stream's header: digests are made with it. */
  readonly streamId: string;
  readonly username: string;
  readonly domain: string;
  readonly password: string;
  readonly resource: string;
  /** Sends an element that is no request. */
  send(element: Element): void;
  /** The next element of the stream. Rejects when the stream is lost or the login takes too long. */
  next(): Promise<Element>;
  /** Sends a request and resolves with its answer. Rejects with an `XmppError`: `refused` with the server's condition. */
  ask(request: Element): Promise<Element>;
}

/** How a login of another kind ended. */
export type Authorized =
  /** The server knows who we are; the stream begins anew and a resource is bound. */
  | { readonly kind: 'authenticated' }
  /** The server gave us this full address as well: there is nothing left to negotiate. */
  | { readonly kind: 'bound'; readonly jid: string };

/**
 * Logs in by other means than SASL. Resolves with undefined when this server does not offer them: then it is SASL's turn. Rejects with
 * an `XmppError` (`refused`) when the server refuses the credentials.
 */
export type Authorize = (login: LoginStream) => Promise<Authorized | undefined>;
