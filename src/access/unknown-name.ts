/** A name in the access file that nobody answers to: a mistake, or something that comes later. */
export interface UnknownName {
  /** `rule 3 (line 14)` */
  readonly label: string;
  readonly name: string;
  /** Behind both, for people. */
  readonly why: string;
}

/** `rule 3 (line 14) names deplyo: there is no such command at the moment` */
export const sentenceOf = ({ label, name, why }: UnknownName): string => `${label} names ${name}: ${why}`;
