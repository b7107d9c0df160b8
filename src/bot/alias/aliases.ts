/** Whose names count: those of a person come before those of the room. */
export interface Whose {
  readonly person: string;
  readonly input: string;
  readonly room: string;
}

/** Names that people made for lines of theirs. */
export interface Aliases {
  /**
   * The line that is meant, or undefined when none of its commands is such a name. Throws a `CommandError` (`usage`) for words that the name does not
   * take, and for names that lead in a circle. What is filled in is never read as anything but words.
   */
  expand(said: string, whose: Whose): string | undefined;
}
