import type { Element } from '@xmpp/xml';
import type { InputOutage } from '../input.ts';

/** One account on an XMPP server, logged in for as long as it runs, through every outage. */
export interface Account {
  /** `user@domain`, as it was configured. */
  readonly jid: string;
  /**
   * Logs in and stays so until `signal` aborts; then says goodbye, releases what it holds and resolves. Rejects with an `InputError` only
   * before the first login: `refused` for credentials, `config` for what can't be (a certificate that is not trusted, no encryption).
   */
  run(guest: Guest, signal: AbortSignal): Promise<void>;
  /** Undefined while it is logged in and the server answers. */
  readonly outage: InputOutage | undefined;
}

/** What is done with an account. Its methods are called one after the other, in the order of the stream, and do not throw. */
export interface Guest {
  /**
   * Logged in. With `isResumed` the stream went on where it was cut: nothing was lost, and who was in rooms still is. Otherwise everything
   * begins anew.
   */
  online(session: Session, isResumed: boolean): void;
  /**
   * A message or presence came, or a change of our roster; answers to our own requests don't come here. Requests of others are answered
   * or refused by the account, a change of the roster is acknowledged.
   */
  stanza(stanza: Element): void;
  /** The stream is lost, and will be back. */
  offline(): void;
}

/** A login. It outlives cuts of the stream that could be resumed. */
export interface Session {
  /** `user@domain/resource`, as the server bound it. */
  readonly jid: string;
  /** The most bytes of one stanza that the server takes. */
  readonly maxStanzaBytes: number;
  /**
   * Resolves when the server has it: acknowledged, where the stream is managed, or else written. Rejects with an `XmppError`
   * (`unavailable`) when it is not known whether it arrived and the session is over; `refused` for what the server would end the stream
   * for: `policy-violation` when it is larger than `maxStanzaBytes`, `bad-format` for characters that XML can't carry.
   */
  send(stanza: Element): Promise<void>;
  /** Sends a request and resolves with its answer (the whole `iq`). Rejects with an `XmppError`: `refused` with the server's condition. */
  ask(request: Element, options?: { readonly timeoutMs?: number; readonly signal?: AbortSignal }): Promise<Element>;
}

export type XmppErrorCode =
  /** The other side says no; `condition` has its word for it. */
  | 'refused'
  /** The server could not be reached, or did not answer in time. */
  | 'unavailable';

/** Its message names no password. */
export class XmppError extends Error {
  readonly code: XmppErrorCode;
  /** A condition as XMPP has them, such as `conflict` or `registration-required`; empty where there is none. */
  readonly condition: string;

  constructor(code: XmppErrorCode, condition: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'XmppError';
    this.code = code;
    this.condition = condition;
  }
}
