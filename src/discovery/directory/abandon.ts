/**
 * What `work` gives, or a rejection as soon as `signal` aborts, with its reason: nobody waits for a registry that hangs. What becomes of the
 * work then is of no interest any more.
 */
export function orAbandoned<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
