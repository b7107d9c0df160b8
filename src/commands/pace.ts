/** Does something at once, and then no more often than allowed. */
export interface Pace {
  /** Runs at once, or, when it rests, after that; however often it is asked meanwhile. */
  ask(): void;
  /** Runs at once, rest or not. */
  now(): void;
  /** Nothing runs any more. */
  end(): void;
}

/** Runs `work`, which must not throw. When it says that it has changed something it rests: `restMs`, and no less than it took. */
export function paced(work: () => boolean, restMs: number): Pace {
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  let restsUntil = 0;

  const run = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (isOver) return;
    const started = performance.now();
    if (!work()) return;
    const ended = performance.now();
    restsUntil = ended + Math.max(restMs, ended - started);
  };

  return {
    ask() {
      if (isOver || timer !== undefined) return;
      const waitMs = restsUntil - performance.now();
      if (waitMs <= 0) run();
      else timer = setTimeout(run, waitMs);
    },
    now: run,
    end() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}
