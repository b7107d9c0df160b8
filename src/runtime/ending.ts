const names = ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const;

export interface Ending {
  /** Resolves when it is time to stop. */
  readonly promise: Promise<void>;
  /** Lets signals go that did not come. */
  readonly forget: () => void;
}

/**
 * When one of the signals aborts, or, if wanted, the process is told to end. Our listeners leave with the first signal, so that a
 * second one has its usual effect.
 */
export function endOf(signals: readonly AbortSignal[], handleSignals: boolean): Ending {
  let forget = (): void => {};
  const promise = new Promise<void>((resolve) => {
    const end = (): void => {
      forget();
      resolve();
    };
    forget = () => {
      for (const signal of signals) signal.removeEventListener('abort', end);
      for (const name of names) process.removeListener(name, end);
    };
    for (const signal of signals) signal.addEventListener('abort', end, { once: true });
    if (handleSignals) for (const name of names) process.on(name, end);
    if (signals.some(({ aborted }) => aborted)) end();
  });
  return { promise, forget };
}
