/** A timer for the nearest of several moments, which come and go. */
export interface Wake {
  /** To be called when the moments have changed. */
  reset(): void;
  close(): void;
}

export interface WakeOptions {
  /** The nearest moment, in milliseconds since the epoch. */
  readonly next: () => number | undefined;
  /** It has come. Must not throw. */
  readonly due: () => void;
  readonly now: () => number;
}

/** Clocks are put forward and machines sleep: the time is looked at again after so long. */
const longestMs = 60_000;
/** Something that is due and stays so must not take all of the time. */
const shortestMs = 20;

/** Does not keep the process alive. */
export function createWake({ next, due, now }: WakeOptions): Wake {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const reset = (): void => {
    clearTimeout(timer);
    const at = next();
    if (at === undefined || isClosed) return;
    const waitMs = Math.max(shortestMs, Math.min(longestMs, at - now()));
    timer = setTimeout(() => {
      if (now() >= at) due();
      reset();
    }, waitMs).unref();
  };

  return {
    reset,
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
