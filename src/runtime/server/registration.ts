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
  readonly log: Log;
}

const minDelayMs = 500;

/** Keeps a record in the registry. */
export class Registration {
  readonly #options: RegistrationOptions;
  readonly #stopping = new AbortController();
  #beating: Promise<void> = Promise.resolve();
  #registered = false;
  #trouble: 'none' | 'registry' | 'check' = 'none';

  constructor(options: RegistrationOptions) {
    this.#options = options;
  }

  /** Registers once, and goes on in the background. Rejects when the registry refuses the first time. */
  async start(): Promise<void> {
    const { intervalMs } = this.#options;
    await this.#beat();
    if (intervalMs === 0) return;
    let due = false;
    this.#beating = supervise(
      async (signal, healthy) => {
        for (;;) {
          if (due) {
            await this.#beat();
            healthy();
          }
          due = true;
          await sleep(intervalMs, signal);
          if (signal.aborted) return;
        }
      },
      {
        signal: this.#stopping.signal,
        minDelayMs: Math.min(minDelayMs, intervalMs),
        maxDelayMs: intervalMs,
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
    if (this.#trouble !== 'none') log.info('registered again', { service: record.name });
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
    const { record, log } = this.#options;
    if (this.#trouble !== 'registry') log.warn('could not register, trying again', { service: record.name, error });
    this.#trouble = 'registry';
  }
}
