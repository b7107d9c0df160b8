import { inTime } from '../async/in-time.ts';

/** Whether it ended within `ms` milliseconds. Rejects with it. */
export const isDone = (promise: Promise<void>, ms: number): Promise<boolean> =>
  inTime(
    promise.then(() => true),
    ms,
    () => false,
  );
