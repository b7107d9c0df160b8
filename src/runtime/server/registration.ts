import { sleep } from '../../async/sleep.ts';
import { supervise } from '../../async/supervise.ts';
import type { Registry, ServiceRecord } from '../../discovery/registry.ts';
import type { Log } from '../../log/log.ts';

export interface RegistrationOptions {
  readonly registry: Registry;
  readonly record: ServiceRecord;
  /** 0: until taken back. */
  readonly ttlMs: number;
  /** 0: register once. */
  readonly intervalMs: number;
  /** Throws while the service should not be found. */
  readonly check: (() => Promise<void> | void) | undefined;
  /** Goes on when the registry does not take it the first time. */
  readonly isPatient: boolean;
  readonly log: Log;
}

const minDelayMs = 500;
const maxDelayMs = 30_000;
/** As long as a timer can be. */
const longestMs = 2 ** 31 - 1;

/** Keeps a record in the registry. */
export class Registration {
  readonly #options: RegistrationOptions;
  readonly #stopping = new AbortController();
  #beating: Promise<void> = Promise.resolve();
  #registered = false;
  #trouble: 'none' | 'registry' | 'check' = 'none';
  /** Whether the log of the registry has told of the trouble. */
  #isTold = false;

  constructor(options: RegistrationOptions) {
    this.#options = options;
  }

  /** Registers once, and goes on in the background. Rejects when the registry refuses the first time, unless it is patient. */
  async start(): Promise<void> {
    const { isPatient } = this.#options;
    const intervalMs = this.#options.intervalMs || longestMs;
    const firstMs = Math.min(minDelayMs, intervalMs);
    let waitMs = intervalMs;
    try {
      await this.#beat();
      if (this.#options.intervalMs === 0) return;
    } catch (error) {
      if (!isPatient) throw error;
      this.#failed(error);
      waitMs = firstMs;
    }
    let due = false;
    this.#beating = supervise(
      async (signal, healthy) => {
        for (;;) {
          if (due) {
            await this.#beat();
            healthy();
            waitMs = intervalMs;
          }
          due = true;
          await sleep(waitMs, signal);
          if (signal.aborted) return;
        }
      },
      {
        signal: this.#stopping.signal,
        minDelayMs: firstMs,
        maxDelayMs: Math.min(maxDelayMs, intervalMs),
        onFailure: (error) => this.#failed(error),
      },
    );
  }

  /** Takes the record back. A registry that does not answer within `ms` forgets it when its time to live is over. */
  async stop(ms: number): Promise<void> {
    const { registry, record, log } = this.#options;
    this.#stopping.abort();
    const leaving = this.#beating
      .then(async () => {
        if (this.#registered) await registry.deregister(record);
        return true;
      })
      .catch((error: unknown) => {
        log.warn('could not deregister', { service: record.name, error });
        return true;
      });
    const timer = new AbortController();
    const left = await Promise.race([leaving, sleep(ms, timer.signal)]);
    timer.abort();
    if (left !== true) log.warn('the registry did not answer in time to deregister', { service: record.name });
  }

  async #beat(): Promise<void> {
    const { registry, record, ttlMs, log } = this.#options;
    if (!(await this.#fit())) return;
    await registry.register(record, ttlMs > 0 ? { ttlMs } : {});
    this.#registered = true;
    if (this.#trouble !== 'none') log[this.#isTold ? 'debug' : 'info']('registered again', { service: record.name });
    this.#trouble = 'none';
  }

  async #fit(): Promise<boolean> {
    const { check, registry, record, log } = this.#options;
    try {
      await check?.();
      return true;
    } catch (error) {
      if (this.#trouble !== 'check') log.warn('the register check fails', { service: record.name, error });
      this.#trouble = 'check';
      if (this.#registered) await registry.deregister(record);
      this.#registered = false;
      return false;
    }
  }

  #failed(error: unknown): void {
    const { registry, record, log } = this.#options;
    const isTold = registry.isOut === true;
    // What follows an outage may be another trouble, which nobody has told of.
    if (this.#trouble !== 'registry' || (this.#isTold && !isTold)) {
      this.#isTold = isTold;
      log[isTold ? 'debug' : 'warn']('could not register, trying again', { service: record.name, error });
    }
    this.#trouble = 'registry';
  }
}
