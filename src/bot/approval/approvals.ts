import type { Identity } from '../../access/access.ts';
import type { Place } from '../../inputs/input.ts';
import type { Document } from '../../document/document.ts';

/** A command that waits for somebody's word. */
export interface Wanted {
  readonly identity: Identity;
  /** The principal who asked. */
  readonly person: string;
  readonly place: Place;
  readonly roomName: string;
  readonly isDirect: boolean;
  /** To be run as typed. */
  readonly line: string;
  /** The line without its secrets, for people. */
  readonly shown: string;
  /** There are secrets in the line: it is kept in memory alone, and lost with it. */
  readonly isMasked: boolean;
  readonly command: string;
  /** Of command, arguments and service version (`fingerprint`): what runs in the end must be what was agreed to. */
  readonly hash: string;
  /** The caller must confirm it. */
  readonly confirm: boolean;
  /** How many others must agree. */
  readonly approvals: number;
  /** What those must hold. */
  readonly scopes: readonly string[];
}

/** What was agreed to: it lets one invocation pass, once. */
export interface Grant {
  /** The code of the request, as people read it. */
  readonly code: string;
  readonly hash: string;
  /** Principals, without the one who asked. */
  readonly approvers: readonly Identity[];
  readonly wanted: Wanted;
}

export interface Approvals {
  /**
   * Keeps it until it is agreed to, refused or too old, and returns what its person is told: what is missing, the code, buttons. Rejects with a
   * `CommandError` (`failed`) when it cannot be kept, when too much waits already, and for somebody whom the network does not vouch for.
   */
  ask(wanted: Wanted): Promise<Document>;
  /**
   * What is done with a grant, set once by who runs commands. It is called once a grant, and never before the grant was used up in the state. A
   * promise is waited for: a restart before it settles tells people that nobody knows what became of it. `awaits`: why it could not be
   * begun at the moment, if so; then the last word is not taken, and it waits on.
   */
  onGranted(run: (grant: Grant) => void | Promise<void>, awaits?: (wanted: Wanted) => string | undefined): void;
}
