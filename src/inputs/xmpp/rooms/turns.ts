/** Lets a few go at a time, the others in the order they came. */
export interface Turns {
  /** `start` is called now or later, once. End the turn when it is over, or is not wanted any more. */
  take(start: () => void): Turn;
}

export interface Turn {
  end(): void;
}

export function createTurns(most: number): Turns {
  const waiting = new Set<() => void>();
  let running = 0;

  const next = (): void => {
    for (const begin of waiting) {
      if (running >= most) return;
      begin();
    }
  };

  return {
    take(start) {
      let state: 'waiting' | 'running' | 'ended' = 'waiting';
      const begin = (): void => {
        waiting.delete(begin);
        state = 'running';
        running += 1;
        start();
      };
      waiting.add(begin);
      // Whoever takes a turn must have it in hand before it begins.
      queueMicrotask(next);
      return {
        end() {
          if (state === 'ended') return;
          waiting.delete(begin);
          if (state === 'running') {
            running -= 1;
            queueMicrotask(next);
          }
          state = 'ended';
        },
      };
    },
  };
}
