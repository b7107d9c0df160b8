/** How two other people fared, in milliseconds until 99 of 100 answers. */
export interface Fared {
  readonly memory: number;
  readonly console: number;
  /** Commands of theirs, and those that were answered with their own words. */
  readonly said: number;
  readonly answered: number;
}

export interface Flooded extends Fared {
  readonly name: string;
  /** Commands of the one who floods. */
  readonly sent: number;
  readonly perSecond: number;
  /** Those that ran, those that were told why not, and those that were passed over. */
  readonly ran: number;
  readonly refused: number;
  readonly dropped: number;
  /** Bytes after garbage collections, at three points, the flood going on. */
  readonly heaps: readonly number[];
}

export interface Report {
  readonly quiet: Fared;
  readonly floods: readonly Flooded[];
}
