import { breather } from './breather.ts';

/** For whom something is done. */
export interface Waiting {
  /** Nobody waits for it any more. */
  readonly isOver: boolean;
}

/**
 * What comes of work in steps: at once where that takes no longer than all others can wait, and otherwise by and by, while they have their turn
 * between its steps. Undefined when nobody waits for it any more.
 */
export function inTurns<T>(steps: Iterator<undefined, T, undefined>, owner: Waiting): T | Promise<T | undefined> {
  const pause = breather();
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    const paused = pause();
    if (paused !== undefined) return later(steps, owner, pause, paused);
  }
}

async function later<T>(
  steps: Iterator<undefined, T, undefined>,
  owner: Waiting,
  pause: () => Promise<void> | undefined,
  paused: Promise<void>,
): Promise<T | undefined> {
  await paused;
  while (!owner.isOver) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await pause();
  }
  steps.return?.();
  return undefined;
}

/** The same of what somebody waits for, whatever comes of it. Rejects with the signal's reason. */
export async function byAndBy<T>(steps: Iterator<undefined, T, undefined>, signal?: AbortSignal): Promise<T> {
  const pause = breather();
  try {
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done === true) return step.value;
      await pause();
      signal?.throwIfAborted();
    }
  } finally {
    steps.return?.();
  }
}
