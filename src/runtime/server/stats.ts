import { PerformanceObserver } from 'node:perf_hooks';

/** What a server counts about itself. */
export class ServerStats {
  requests = 0;
  errors = 0;
  readonly startedAt: number = Date.now();
  /** Milliseconds spent in garbage collection since `observe`. */
  gcMs = 0;
  #observer: PerformanceObserver | undefined;

  observe(): void {
    this.#observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) this.gcMs += duration;
    });
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  stop(): void {
    this.#observer?.disconnect();
  }
}
