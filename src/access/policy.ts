import type { Effect } from '../commands/plan.ts';
import type { Scene } from './access.ts';
import type { BreakGlass } from './elevation.ts';
import type { Glob } from './glob.ts';
import type { Weekly } from './weekly.ts';

/** What an access file says, ready to be asked. Made as a whole, never changed. */
export interface Policy {
  readonly people: ReadonlyMap<string, FilePerson>;
  /** The people by their accounts. */
  readonly owners: ReadonlyMap<string, FilePerson>;
  /** Each with the members of the groups in it. */
  readonly groups: ReadonlyMap<string, Members>;
  readonly roles: ReadonlyMap<string, Members>;
  readonly defaults: Defaults;
  readonly limits: readonly RoomLimit[];
  readonly rules: readonly Rule[];
  readonly freezes: readonly Freeze[];
  readonly emergency: Emergency | undefined;
  /** Who sits at the console holds every role. */
  readonly hasOwner: boolean;
}

export type Defaults = Readonly<Record<Effect, 'allow' | 'deny'>>;

export interface FilePerson {
  readonly id: string;
  /** For display. */
  readonly name: string;
  /** Accounts: `slack:T1/U1`. */
  readonly ids: readonly string[];
}

/** Some people, by name or by what their accounts are like. */
export interface Members {
  /** As they stand in the file. */
  readonly text: string;
  readonly people: ReadonlySet<string>;
  readonly accounts: readonly Glob[];
  /** Whoever the network vouches for. */
  readonly isEverybody: boolean;
}

/** One or more rooms. */
export interface RoomPattern {
  readonly text: string;
  /** A room for all that no other entry is about. */
  readonly isRest: boolean;
  fits(input: string, scene: Scene): boolean;
  /** The same for a room of which only a name is known, as in `> #ops`: it may be the room with this id. */
  mayFit(input: string, scene: Scene): boolean;
  /** Such a place, for somebody who asks on the input `asked`; of the rest, one that bears no name in the file. */
  example(asked: string): Place;
}

export interface Place extends Scene {
  readonly input: string;
}

/** What may run there at all. */
export interface RoomLimit {
  readonly room: RoomPattern;
  readonly commands: readonly Glob[];
}

/** A parameter and what its value may be. */
export interface Condition {
  readonly parameter: string;
  /** `env=prod or staging` */
  readonly text: string;
  /** Fits when there is no value. */
  readonly isOptional: boolean;
  /** Any of them. */
  readonly wanted: readonly Pick<Glob, 'text' | 'fits'>[];
  fits(value: string): boolean;
}

export type Rule = {
  /** For people: `rule 3 (line 14)`. */
  readonly label: string;
  /** `open by rule 3 (line 14)`. */
  readonly opens: string;
  readonly commands: readonly Glob[];
  readonly effect: Effect | undefined;
  readonly conditions: readonly Condition[];
  readonly people: Members | undefined;
  readonly roles: readonly string[];
  readonly rooms: readonly RoomPattern[] | undefined;
  readonly times: readonly Weekly[] | undefined;
  readonly because: string | undefined;
} & (
  | {
      /** Whoever wants what it is about needs all that it names. */
      readonly kind: 'needs';
      readonly confirm: boolean;
      readonly approvals: number;
    }
  /** `grant`: who fits may, and nobody else is asked for more. `deny`: who fits may not. */
  | { readonly kind: 'grant' | 'deny' }
);

/** A time in which nothing is changed. */
export interface Freeze {
  readonly label: string;
  /** Its time, for people. */
  readonly when: string;
  readonly commands: readonly Glob[];
  readonly exceptRoles: readonly string[];
  readonly exceptPeople: Members | undefined;
  readonly because: string | undefined;
  isOn(at: number): boolean;
  /** When it ends that is on at this moment; undefined when nobody can tell. */
  endOf(at: number): number | undefined;
}

export interface Emergency extends BreakGlass {
  /** Who may break the glass. */
  readonly people: Members;
}
