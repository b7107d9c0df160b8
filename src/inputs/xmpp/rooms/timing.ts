/** How patient we are with rooms, in milliseconds. */
export interface Timing {
  /** From our presence to the room's word that we are in. Default 30,000. */
  readonly joinMs: number;
  /** For the answer to a question. Default 15,000. */
  readonly answerMs: number;
  /** Between two looks whether we are still in a room. Default 240,000. */
  readonly pingMs: number;
  /** To the next look after one that taught nothing. Default 30,000. */
  readonly pingAgainMs: number;
  /** Until a nick that was taken is asked for again. Default 60,000. */
  readonly nickMs: number;
  /** At least so long after the last time, even when its owner just left. Default 1,000. */
  readonly nickGapMs: number;
  /** Between two looks at the list of all rooms. Default 60,000. */
  readonly listMs: number;
  /** First step of the waits before a room is tried again; each step is double the one before. Default 500. */
  readonly minDelayMs: number;
  /** The longest such wait. Default 60,000. */
  readonly maxDelayMs: number;
  /** First step where somebody must do something first, such as to give us the password. Default 30,000. */
  readonly slowMinDelayMs: number;
  /** The longest such wait. Default 600,000. */
  readonly slowMaxDelayMs: number;
  /** A stay that was so long was a success: the next wait is a first one. Default 10,000. */
  readonly stableMs: number;
  /** For the goodbye to all rooms. Default 2,000. */
  readonly closeMs: number;
}

export const defaultTiming: Timing = {
  joinMs: 30_000,
  answerMs: 15_000,
  pingMs: 240_000,
  pingAgainMs: 30_000,
  nickMs: 60_000,
  nickGapMs: 1_000,
  listMs: 60_000,
  minDelayMs: 500,
  maxDelayMs: 60_000,
  slowMinDelayMs: 30_000,
  slowMaxDelayMs: 600_000,
  stableMs: 10_000,
  closeMs: 2_000,
};

/** The wait after so many failures in a row: between half and the whole of the step. */
export function delayOf(failures: number, pace: 'soon' | 'slow', timing: Timing): number {
  const [min, max] =
    pace === 'soon' ? [timing.minDelayMs, timing.maxDelayMs] : [timing.slowMinDelayMs, timing.slowMaxDelayMs];
  const step = Math.min(min * 2 ** Math.min(failures, 30), max);
  return step / 2 + (Math.random() * step) / 2;
}
