/** A point in time after which work must stop. Dispose it when the work is done: that releases its timer and listener. */
export interface Deadline extends Disposable {
  /** Aborts when the time is up (reason: a `TimeoutError`) or the parent aborts (its reason). */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * A deadline `ms` milliseconds from now, or as soon as `parent` aborts. It is a single controller on purpose:
 * `AbortSignal.any([parent, AbortSignal.timeout(ms)])` can be collected before it fires on Node 20 (nodejs/node#57736).
 */
export function deadline(parent: AbortSignal | undefined, ms: number): Deadline {
  const controller = new AbortController();
  const onParent = (): void => controller.abort(parent?.reason);
  const timer = setTimeout(() => controller.abort(new DOMException('deadline exceeded', 'TimeoutError')), ms);
  if (parent?.aborted === true) onParent();
  else parent?.addEventListener('abort', onParent, { once: true });
  return {
    signal: controller.signal,
    expiresAt: Date.now() + ms,
    [Symbol.dispose]() {
      clearTimeout(timer);
      parent?.removeEventListener('abort', onParent);
    },
  };
}
