import type { Log } from '../../../log/log.ts';
import type { Authorize } from './authorize.ts';
import type { Timing } from './timing.ts';

/**
 * How the stream is kept from others. `starttls` and `direct` both mean TLS, with a certificate for the domain of the account; `plain`
 * is for a server on this very machine.
 */
export type Mode = 'starttls' | 'direct' | 'plain';

export interface AccountOptions {
  /** `user@domain`. Throws an `InputError` (`config`) when it is none. */
  readonly jid: string;
  readonly password: string;
  /** `host` or `host:port`. Default: what DNS says about the domain, then the domain itself. */
  readonly server?: string | undefined;
  /** Default: `starttls`; or what DNS offers, where `server` is not given. */
  readonly mode?: Mode | undefined;
  /** Default: one of our own making, another one in each process. */
  readonly resource?: string | undefined;
  /** Authorities, as PEM: no others are trusted then. Default: those of Node. */
  readonly ca?: string | undefined;
  /** `host:port` of name servers. Default: those of the machine. */
  readonly nameServers?: readonly string[] | undefined;
  readonly authorize?: Authorize | undefined;
  /** What is told to who asks what we can do (XEP-0030), besides what the account does itself. */
  readonly features?: readonly string[] | undefined;
  /** What is told to who asks what we are (XEP-0092). Default: `micro-bot`, no version. */
  readonly software?: { readonly name: string; readonly version: string } | undefined;
  /** Tells in the log, at debug level, of each element what kind it is, from whom and to whom. Never what it says. */
  readonly trace?: boolean | undefined;
  readonly log: Log;
  readonly timing?: Partial<Timing> | undefined;
}
