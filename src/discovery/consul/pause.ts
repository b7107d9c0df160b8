import { sleep } from '../../async/sleep.ts';

const minPauseMs = 20;

/**
 * What comes between two rounds of questions, of which the last took so long: no more than about a third of the time is spent asking, however
 * many services there are and however often they change.
 */
export const pause = (tookMs: number, signal: AbortSignal): Promise<void> =>
  sleep(Math.max(minPauseMs, 2 * tookMs) * (0.75 + Math.random() / 2), signal);
