import type { Heading } from '../invocation/heading.ts';

/** Whose names count: those of a person come before those of the room. */
export interface Whose {
  readonly person: string;
  readonly input: string;
  readonly room: string;
  /** False for somebody whom the network does not vouch for. Default true. */
  readonly isKnown?: boolean | undefined;
}

/** A name that stood in a line. */
export interface UsedAlias {
  readonly name: string;
  /** What it stands for, for people. */
  readonly line: string;
  /** The principal who made it. */
  readonly maker: string;
  /** It is everybody's in the room, not its person's own. */
  readonly isRooms: boolean;
}

/** A line with its names replaced. */
export interface Expanded {
  readonly line: string;
  /** Each once, as they came. */
  readonly names: readonly UsedAlias[];
  /** What others made names for runs with the rights of whoever says them: each is told once what they stand for. */
  readonly heading: Heading | undefined;
}

/** Names that people made for lines of theirs. */
export interface Aliases {
  /**
   * The line that is meant, or undefined when none of its commands is such a name. Throws a `CommandError` (`usage`) for words that the name does not
   * take, and for names that lead in a circle. What is filled in is never read as anything but words.
   */
  expand(said: string, whose: Whose): Expanded | undefined;
}
