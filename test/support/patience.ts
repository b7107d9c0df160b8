const steps = 10;

/**
 * Calls `over` when so many milliseconds were there for work. A moment in which the machine stood still counts little, however long it was:
 * what the other side did before it may not be read yet, and it had no time either. Returns what ends it.
 */
export function patience(ms: number, over: () => void): () => void {
  let left = steps;
  const timer = setInterval(() => {
    left -= 1;
    if (left > 0) return;
    clearInterval(timer);
    over();
  }, ms / steps);
  return () => clearInterval(timer);
}
