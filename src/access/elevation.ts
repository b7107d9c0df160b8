import type { Identity } from './access.ts';

/** What somebody may do in an emergency, as the access file has it. */
export interface BreakGlass {
  /** What they hold meanwhile. */
  readonly roles: readonly string[];
  readonly forMs: number;
  /** A room of an input in which it is announced: `slack #ops`. */
  readonly announce: readonly { readonly input: string; readonly room: string }[];
}

/** Somebody holds more for a while, says why, and everybody knows. */
export interface Elevation {
  readonly roles: readonly string[];
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly until: number;
}

/** Who is elevated at the moment. Freezes and approvals don't hold them up. */
export interface Elevations {
  of(person: string): Elevation | undefined;
}

/** What the access file says about emergencies. Undefined: this person may not break the glass. */
export interface EmergencyRules {
  breakGlass(identity: Identity): BreakGlass | undefined;
}
