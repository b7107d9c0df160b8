export interface Result {
  /** What was seen, in the words of the goal. */
  readonly figure: string;
  readonly met: boolean;
}

/** A promise about faults and load, with the run that shows whether it is kept. */
export interface Proof {
  readonly name: string;
  /** What is done to it. */
  readonly what: string;
  readonly goal: string;
  /** `share` of what takes long, more than 0 and at most 1, is done; what is short is done whole. */
  run(share: number): Promise<Result>;
}
