import type { Identity } from './access.ts';
import type { BreakGlass, Elevation } from './elevation.ts';

/** An elevation, whose it is and who was told. */
export interface Held extends Elevation {
  /** The principal. */
  readonly person: string;
  readonly identity: Identity;
  readonly announce: BreakGlass['announce'];
}
